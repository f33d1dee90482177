package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"example.com/echo/01-blocking/echotest/server"
	"example.com/echo/docs/lab/load"
	"example.com/echo/docs/practice/text"
	"example.com/echo/docs/repo"
	"github.com/dustin/go-humanize"
	"golang.org/x/sys/unix"
)

// weigh measures what idle clients cost the reader's server, and says which
// lesson's it is like: 3 and 4 pass the same scenarios.
func (s *session) weigh(command string) error {
	fmt.Fprintln(s.out, "\nAll scenarios pass. Measuring what idle clients cost ...")
	idle, err := mostClients(s.idle)
	if err != nil {
		return err
	}
	dir, err := repo.ProgramDir("practice")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	costs := []float64{0, 0, 0} // of the reader's, of lesson 3, and of lesson 4
	commands := []string{command}
	for _, lesson := range []string{"03-poll", "04-epoll"} {
		program := filepath.Join(dir, lesson)
		if err := s.root.Build(context.Background(), lesson, program); err != nil {
			return err
		}
		commands = append(commands, program+" -quiet -addr {addr}")
	}
	for i, command := range commands {
		without, err := perEcho(command, 0)
		if err != nil {
			return err
		}
		with, err := perEcho(command, idle)
		if err != nil {
			return fmt.Errorf("with %d idle clients: %w", idle, err)
		}
		costs[i] = float64(with)/float64(without) - 1
	}
	// Nearer to which of the two, by factors.
	like, other, title := 4, 3, s.titleOf(3)
	if (1+costs[0])*(1+costs[0]) > (1+costs[1])*(1+costs[2]) {
		like, other, title = 3, 4, s.titleOf(2)
	}
	s.print(text.Wrap(fmt.Sprintf("Your server does what lesson %d does (%s). %s idle clients make an echo cost it %.0f %% more processor time, measured now; lesson %d: %.0f %%, lesson %d: %.0f %%.",
		like, title, humanize.Comma(int64(idle)), max(0, 100*costs[0]), like, max(0, 100*costs[like-2]), other, max(0, 100*costs[other-2])), text.Width))
	return nil
}

// mostClients returns how many idle clients there can be: as many as wanted, if this
// process may have so many descriptors.
func mostClients(wanted int) (int, error) {
	const others = 200
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return 0, fmt.Errorf("getrlimit: %w", err)
	}
	return min(wanted, int(min(limit.Max, 1<<20))-others), nil
}

// perEcho measures how much processor time an echo costs the server that a command
// starts, while so many other clients say nothing.
func perEcho(command string, idle int) (time.Duration, error) {
	// Go gives programs the limit of descriptors that it had itself at first.
	srv, err := server.StartForeign("ulimit -n $(ulimit -Hn); " + command)
	if err != nil {
		return 0, err
	}
	defer srv.Kill()
	plans, clientsIn, err := os.Pipe()
	if err != nil {
		return 0, err
	}
	clientsOut, results, err := os.Pipe()
	if err != nil {
		return 0, err
	}
	failed := make(chan error, 1)
	go func() {
		failed <- load.Serve(plans, results)
		results.Close()
	}()
	defer clientsIn.Close()
	commands, answers := json.NewEncoder(clientsIn), json.NewDecoder(clientsOut)
	var connected string
	var measured load.Result
	err = commands.Encode(load.Plan{Addr: srv.Addr.String(), Busy: 10, Idle: idle, Size: 64, Warm: 300 * time.Millisecond, Measure: time.Second})
	if err == nil {
		err = answers.Decode(&connected)
	}
	if err == nil {
		err = commands.Encode(load.Start{Processes: srv.Processes()})
	}
	if err == nil {
		err = answers.Decode(&measured)
	}
	if err == io.EOF {
		err = <-failed
	}
	if err == nil && measured.Echoes == 0 {
		err = fmt.Errorf("no echo came within a second")
	}
	if err != nil {
		return 0, err
	}
	return measured.Server / time.Duration(measured.Echoes), nil
}
