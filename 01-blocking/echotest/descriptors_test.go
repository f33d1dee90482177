package echotest

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

func TestMain(m *testing.M) { Main(m) }

// few names the variable of the environment that tells the test that it runs with few
// descriptors.
const few = "ECHO_FEW_DESCRIPTORS"

// TestFewDescriptors runs itself with 256 descriptors. Tests that need more together
// wait for each other, and one that needs more alone is skipped, with the reason.
func TestFewDescriptors(t *testing.T) {
	if os.Getenv(few) != "" {
		playWithFew(t)
		return
	}
	cmd := exec.Command("sh", "-c", `ulimit -n 256 && exec "$@"`, "sh",
		os.Args[0], "-test.run=^TestFewDescriptors$", "-test.parallel=12", "-test.v")
	cmd.Env = append(os.Environ(), few+"=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for text, times := range map[string]int{
		"--- PASS: TestFewDescriptors/together-":                      12,
		"--- SKIP: TestFewDescriptors/alone":                          1,
		"needs 300 descriptors at once; with ulimit -n 256 there are": 1,
	} {
		if n := strings.Count(string(out), text); n != times {
			t.Errorf("expected %d times %q, but it is there %d times:\n%s", times, text, n, out)
		}
	}
}

func playWithFew(t *testing.T) {
	t.Run("alone", func(t *testing.T) { NeedDescriptors(t, 300) })
	for i := range 12 {
		t.Run(fmt.Sprintf("together-%d", i), func(t *testing.T) {
			t.Parallel()
			const clients = 40
			NeedDescriptors(t, clients)
			Play(t, func(st *Stage) {
				for range clients {
					st.Client("one of many")
				}
				st.Clients()[0].Echo("hello")
			})
		})
	}
}
