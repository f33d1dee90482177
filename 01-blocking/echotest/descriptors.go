package echotest

import (
	"flag"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
)

// descriptors are those of this process, and what is left of them for tests with many
// clients.
var descriptors = struct {
	limit, most, left int
	changed           sync.Cond
}{changed: sync.Cond{L: new(sync.Mutex)}}

// shareDescriptors lets four times as many tests run at a time as usual, unless the
// flag -parallel says otherwise, or they could not all have descriptors for a few
// clients. Most tests wait most of the time.
var shareDescriptors = sync.OnceFunc(func() {
	const enough, forTheProcess, forATest = 1 << 20, 50, 60
	d := &descriptors
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		panic(err)
	}
	d.limit = int(min(uint64(limit.Cur), enough)) // Go has raised it to the hard one
	isGiven := false
	flag.Visit(func(f *flag.Flag) { isGiven = isGiven || f.Name == "test.parallel" })
	tests := min(4*runtime.GOMAXPROCS(0), max(1, d.limit/200))
	if !isGiven {
		flag.Set("test.parallel", fmt.Sprint(tests))
	}
	d.most = d.limit - forTheProcess - tests*forATest
	d.left = d.most
})

// NeedDescriptors waits until n descriptors are left for the clients of a test, and
// gives them back when the test has ended. It skips a test that can never have
// them. Tests with a few clients need not call it.
func NeedDescriptors(t *testing.T, n int) {
	t.Helper()
	shareDescriptors()
	d := &descriptors
	if n > d.most {
		t.Skipf("needs %d descriptors at once; with ulimit -n %d there are %d for one test", n, d.limit, max(0, d.most))
	}
	d.changed.L.Lock()
	defer d.changed.L.Unlock()
	for n > d.left {
		d.changed.Wait()
	}
	d.left -= n
	t.Cleanup(func() {
		d.changed.L.Lock()
		defer d.changed.L.Unlock()
		d.left += n
		d.changed.Broadcast()
	})
}
