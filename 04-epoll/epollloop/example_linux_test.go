package epollloop_test

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// Two bytes are in a pipe, and after each wait one of them is read.
func Example_edgeTriggered() {
	for _, flag := range []uint32{0, unix.EPOLLET} {
		epoll, reader, writer := watchPipe(unix.EPOLLIN | flag)
		unix.Write(writer, []byte("ab"))
		for len(ready(epoll)) > 0 {
			letter := make([]byte, 1)
			unix.Read(reader, letter)
			fmt.Printf("%s ", letter)
		}
		fmt.Println("- nothing is ready")
	}
	// Output:
	// a b - nothing is ready
	// a - nothing is ready
}

// A descriptor is closed while another one leads to the same pipe.
func Example_closeIsNotEnough() {
	epoll, reader, writer := watchPipe(unix.EPOLLIN)
	duplicate, _ := unix.Dup(reader)
	unix.Close(reader)
	unix.Write(writer, []byte("a"))

	fmt.Println("the closed descriptor is ready:", ready(epoll)[0] == reader)
	fmt.Println("remove it:", unix.EpollCtl(epoll, unix.EPOLL_CTL_DEL, reader, nil))
	unix.Close(duplicate)
	fmt.Println("ready after the last close:", len(ready(epoll)))
	// Output:
	// the closed descriptor is ready: true
	// remove it: bad file descriptor
	// ready after the last close: 0
}

// watchPipe returns a pipe, and an epoll instance that watches its reading end.
func watchPipe(events uint32) (epoll, reader, writer int) {
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		panic(err)
	}
	var pipe [2]int
	if err := unix.Pipe2(pipe[:], unix.O_CLOEXEC); err != nil {
		panic(err)
	}
	reader, writer = pipe[0], pipe[1]
	event := unix.EpollEvent{Events: events, Fd: int32(reader)}
	if err := unix.EpollCtl(epoll, unix.EPOLL_CTL_ADD, reader, &event); err != nil {
		panic(err)
	}
	return epoll, reader, writer
}

// ready returns the descriptors that epoll reports, without waiting.
func ready(epoll int) (descriptors []int) {
	events := make([]unix.EpollEvent, 8)
	n, err := unix.EpollWait(epoll, events, 0)
	if err != nil {
		panic(err)
	}
	for _, event := range events[:n] {
		descriptors = append(descriptors, int(event.Fd))
	}
	return descriptors
}
