package compare

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const left = `// Package a waits for its
// readers.
package a

import "fmt"

// Run runs.
func Run() int {
	return 1
}

func turn(x int) {
	fmt.Println("select", x) // it waits
	if x > 1 {
		return
	}
}

func onlyLeft() {}
`

const right = `// Package b waits
// for its readers.
package b

import "fmt"

// Run runs.
func Run() int {
	return 1
}

const limit = 7

func turn(x int) {
	fmt.Println("poll", x) // it never waits
	x++
	if x > 1 {
		return
	}
}
`

// shown returns sections as text, with what is marked in brackets.
func shown(sections []Section) string {
	var b strings.Builder
	line := func(l *Line) string {
		if l == nil {
			return "~"
		}
		text := ""
		for _, p := range l.Pieces {
			if p.Changed {
				p.Text = "[" + p.Text + "]"
			}
			text += p.Text
		}
		return strings.ReplaceAll(text, "\t", "    ")
	}
	for _, s := range sections {
		b.WriteString("== " + s.Name + "\n")
		if s.Same {
			b.WriteString("the same\n")
			continue
		}
		for _, r := range s.Rows {
			b.WriteString(line(r.Left) + " | " + line(r.Right) + "\n")
		}
	}
	return b.String()
}

func TestFiles(t *testing.T) {
	sections, err := Files(left, right)
	if err != nil {
		t.Fatal(err)
	}
	const want = `== package
// Package [a] waits for its | // Package [b] waits
// readers. | // for its readers.
package [a] | package [b]
== imports
the same
== Run
the same
== limit
~ | [const] [limit] [=] [7]
== turn
func turn(x int) { | func turn(x int) {
    fmt.Println(["select"], x) // it waits |     fmt.Println(["poll"], x) // it [never] waits
~ |     [x][++]
    if x > 1 { |     if x > 1 {
        return |         return
    } |     }
} | }
== onlyLeft
[func] [onlyLeft][(][)] [{][}] | ~
`
	if diff := cmp.Diff(want, shown(sections)); diff != "" {
		t.Errorf("(-expected +found):\n%s", diff)
	}
}

// TestBroken lays a file that does not compile beside another one.
func TestBroken(t *testing.T) {
	if _, err := Files("package a\n\nfunc {", right); err == nil {
		t.Error("expected an error, found none")
	}
}
