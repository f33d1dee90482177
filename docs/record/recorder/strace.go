//go:build linux

package recorder

import (
	"regexp"
	"strconv"
	"strings"
)

// traced are the system calls that strace is to print. The others are about
// memory, threads and signals.
const traced = "read,write,close,socket,setsockopt,bind,listen,getsockname,accept4,shutdown,fcntl,pipe2,prlimit64," +
	"pselect6,ppoll,epoll_create1,epoll_ctl,epoll_pwait,eventfd2,clone,execve"

// straceFlags print each thread's calls to a file of its own, with the time and
// the duration, and then the stack. Strings are in hexadecimal (-xx), so that
// nothing in them is taken for anything else.
var straceFlags = []string{"-f", "-ff", "-k", "-q", "-ttt", "-T", "-xx", "-s", "400", "-e", "signal=SIGKILL",
	"--seccomp-bpf", "-e", "trace=" + traced}

// A line is a system call as strace prints it, or the end of a thread.
type line struct {
	tid        int
	begin, end float64 // in seconds since 1970; end is 0 if it has not returned
	call       string
	args       []string
	result     int
	err        string // EAGAIN and the like
	note       string // what strace says after the result, in parentheses
	addresses  []uint64
	isExit     bool
	status     string // of an exit
}

// readLines takes apart a file of strace's.
func readLines(tid int, text string) (lines []*line) {
	for _, text := range strings.Split(text, "\n") {
		if frame, ok := strings.CutPrefix(text, " > "); ok {
			if at := strings.LastIndex(frame, "[0x"); at >= 0 && len(lines) > 0 {
				address, _ := strconv.ParseUint(strings.Trim(frame[at:], "[]"), 0, 64)
				last := lines[len(lines)-1]
				last.addresses = append(last.addresses, address)
			}
			continue
		}
		if l := readLine(text); l != nil {
			l.tid = tid
			lines = append(lines, l)
		}
	}
	return lines
}

var (
	exited = regexp.MustCompile(`^\+\+\+ (?:exited with (\d+)|killed by (\w+).*) \+\+\+$`)
	result = regexp.MustCompile(`^\s*= (\?|-?\d+|0x[0-9a-f]+)(?: (E[A-Z]+))?(?: \((.*)\))?(?: <([0-9.]+)>)?$`)
)

// readLine takes apart a line. It is cut short while the call has not returned.
func readLine(text string) *line {
	time, text, ok := strings.Cut(text, " ")
	begin, err := strconv.ParseFloat(time, 64)
	if !ok || err != nil {
		return nil
	}
	l := &line{begin: begin}
	if m := exited.FindStringSubmatch(text); m != nil {
		l.isExit, l.end, l.status = true, begin, m[1]+m[2]
		return l
	}
	l.call, text, ok = strings.Cut(text, "(")
	if !ok {
		return nil
	}
	l.args, text = readArgs(text)
	m := result.FindStringSubmatch(text)
	if m == nil || m[4] == "" { // "<unfinished ...>", or nothing yet
		return l
	}
	value, _ := strconv.ParseInt(m[1], 0, 64)
	seconds, _ := strconv.ParseFloat(m[4], 64)
	l.result, l.err, l.note, l.end = int(value), m[2], m[3], begin+seconds
	if m[1] == "?" {
		l.result = -1
	}
	return l
}

// readArgs splits arguments at the commas between them, and returns what is
// behind the closing parenthesis.
func readArgs(text string) (args []string, rest string) {
	depth, begin, inString := 0, 0, false
	for i, r := range text {
		switch {
		case r == '"':
			inString = !inString
		case inString:
		case r == '(' || r == '[' || r == '{':
			depth++
		case depth == 0 && (r == ',' || r == ')'):
			args = append(args, strings.TrimSpace(text[begin:i]))
			begin = i + 1
			if r == ')' {
				return args, text[begin:]
			}
		case r == ')' || r == ']' || r == '}':
			depth--
		}
	}
	return append(args, strings.TrimSpace(text[begin:])), ""
}

// arg returns an argument, and "" if strace has not printed it.
func (l *line) arg(i int) string {
	if i < len(l.args) {
		return l.args[i]
	}
	return ""
}

// fd returns the first argument as a descriptor.
func (l *line) fd() int {
	fd, err := strconv.Atoi(l.arg(0))
	if err != nil {
		return -1
	}
	return fd
}

// size returns an argument as a number.
func (l *line) size(i int) int {
	n, _ := strconv.Atoi(l.arg(i))
	return n
}

// text returns an argument as the string that it is. strace cuts long ones.
func (l *line) text(i int) string {
	text, err := strconv.Unquote(strings.TrimSuffix(l.arg(i), "..."))
	if err != nil {
		return ""
	}
	return text
}

var integers = regexp.MustCompile(`-?\d+`)

// set returns the descriptors in a set of select's.
func set(text string) (fds []int) {
	for _, digits := range integers.FindAllString(text, -1) {
		fd, _ := strconv.Atoi(digits)
		fds = append(fds, fd)
	}
	return fds
}
