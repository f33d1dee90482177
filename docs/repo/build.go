package repo

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"example.com/echo/01-blocking/echotest/server"
)

// Build builds the program in dir, which is named from the root, into the file
// program. Flags are more flags for go build.
func (r Root) Build(ctx context.Context, dir, program string, flags ...string) error {
	if err := r.Note(append([]string{dir}, Lessons...)...); err != nil {
		return err
	}
	flags = append([]string{"-ldflags=-s=0 -w=0"}, flags...) // with lines, for the recordings
	cmd := server.BuildCommand(ctx, program, flags...)
	cmd.Dir = r.Path(dir)
	if strings.HasPrefix(dir, "docs/peers/") { // a module outside of the workspace
		cmd.Env = append(os.Environ(), "GOWORK=off")
	}
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s in %s: %w\n%s", cmd, dir, err, text)
	}
	return nil
}

// ProgramDir makes a new directory where programs can run, to be removed by the
// caller: below GOTMPDIR, as all that the go command builds, since the usual place
// for temporary files may be mounted noexec.
func ProgramDir(name string) (string, error) { return os.MkdirTemp(os.Getenv("GOTMPDIR"), name) }

// Note reads directories of sources, named from the root. A compiler or another
// program reads the sources themselves, which go test does not see; this way a
// test that runs one runs again when a source has changed.
func (r Root) Note(dirs ...string) error {
	for _, dir := range dirs {
		err := fs.WalkDir(r.FS(), dir, func(string, fs.DirEntry, error) error { return nil })
		if err != nil {
			return err
		}
	}
	return nil
}
