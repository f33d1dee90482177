// Package walkthrough has tests only: they follow the pages as a reader does, who
// types every command, in order, and holds what is shown against what a page
// says.
//
// A page's commands stand in blocks of sh, a command a line. Comments say what
// else the reader does; see docs/weave/README.md.
package walkthrough

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"example.com/echo/docs/repo"
)

// TestCommandsAreShell holds the commands of all pages to being commands for
// bash, and the comments for the reader to making sense.
func TestCommandsAreShell(t *testing.T) {
	root, names := allPages(t)
	for _, name := range names {
		all, err := steps(root, name)
		if err != nil {
			t.Error(err)
			continue
		}
		bash := exec.Command("bash", "-n")
		bash.Stdin = bytes.NewReader(script(all))
		if out, err := bash.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

func allPages(t *testing.T) (repo.Root, []string) {
	t.Helper()
	root, err := repo.FindRoot()
	if err != nil {
		t.Fatal(err)
	}
	names, err := pages(root)
	if err != nil {
		t.Fatal(err)
	}
	return root, names
}

// A step is something that a page has its reader do: type the commands of a
// block, or what a comment says.
type step struct {
	line     int      // of the page
	commands []string // of a block; nil for a comment
	skip     string   // why the block is not typed here
	verb     string   // of a comment: types, sees, stops
	args     []string
	shown    []string // the lines of the block that a comment says is seen
}

// pages are those that are for following.
func pages(root repo.Root) ([]string, error) {
	names := []string{"README.md"}
	for _, lesson := range repo.Lessons {
		names = append(names, lesson+"/README.md")
	}
	entries, err := os.ReadDir(root.Path("docs"))
	for _, entry := range entries {
		if strings.HasSuffix(entry.Name(), ".md") {
			names = append(names, "docs/"+entry.Name())
		}
	}
	return append(names, "docs/peers/README.md"), err
}

// steps returns the steps of a page.
func steps(root repo.Root, page string) ([]step, error) {
	text, err := os.ReadFile(root.Path(page))
	if err != nil {
		return nil, err
	}
	var all []step
	lines := strings.Split(string(text), "\n")
	skip := ""
	for i := 0; i < len(lines); i++ {
		s := step{line: i + 1}
		comment, isComment := strings.CutPrefix(lines[i], "<!-- reader: ")
		switch {
		case isComment:
			if err := s.parse(strings.TrimSuffix(comment, " -->")); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", page, i+1, err)
			}
			if s.verb == "skips" {
				skip = s.args[0]
				continue
			}
			if s.verb == "sees" && (len(s.args) == 0 || s.args[0] == anyOrder) {
				if i+1 < len(lines) && strings.HasPrefix(lines[i+1], "```") {
					s.shown, i = block(lines, i+1)
				}
				if len(s.shown) == 0 {
					return nil, fmt.Errorf("%s:%d: expected what is seen, or a code block below", page, s.line)
				}
			}
		case lines[i] == "```sh":
			s.commands, i = block(lines, i)
			s.skip, skip = skip, ""
		case strings.HasPrefix(lines[i], "```"):
			_, i = block(lines, i)
			continue
		default:
			continue
		}
		all = append(all, s)
	}
	return all, nil
}

// block returns the lines between the fence in line i and the one that ends it,
// and where that is.
func block(lines []string, i int) (inside []string, end int) {
	fence := lines[i][:strings.LastIndex(lines[i], "`")+1]
	for end = i + 1; end < len(lines) && lines[end] != fence; end++ {
		inside = append(inside, lines[end])
	}
	return inside, end
}

const anyOrder = "in any order"

// parse takes a comment apart:
//
//	types "TEXT" [COMMAND]
//	sees "TEXT" [COMMAND]
//	sees [in any order]
//	stops COMMAND
//	skips "REASON"
func (s *step) parse(comment string) error {
	verb, rest, _ := strings.Cut(comment, " ")
	s.verb = verb
	if quoted, err := strconv.QuotedPrefix(rest); err == nil {
		text, _ := strconv.Unquote(quoted)
		s.args = append(s.args, text)
		rest = strings.TrimSpace(rest[len(quoted):])
	}
	if rest != "" {
		s.args = append(s.args, rest)
	}
	least, most := 0, 2
	switch verb {
	case "types":
		least = 1
	case "sees":
	case "stops", "skips":
		least, most = 1, 1
	default:
		return fmt.Errorf("a reader types, sees, stops or skips, but not %q", verb)
	}
	if len(s.args) < least || len(s.args) > most {
		return fmt.Errorf("%s: too few words, or too many", comment)
	}
	return nil
}

// script returns all commands of a page, with empty lines where it has
// something else: so an error names the line.
func script(steps []step) []byte {
	var text bytes.Buffer
	for _, s := range steps {
		for i, command := range s.commands {
			for bytes.Count(text.Bytes(), []byte("\n")) < s.line+i {
				text.WriteByte('\n')
			}
			text.WriteString(command)
		}
	}
	return append(text.Bytes(), '\n')
}
