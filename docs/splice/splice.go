// Package splice puts generated parts into Markdown pages that are written by
// hand. A part stands between two comments, each on a line of its own. The first
// says which command makes it, and what of it stands here:
//
//	<!-- go run ./docs/matrix: short form -->
//	| scenario | 1 blocking | 2 select |
//	| --- | --- | --- |
//	| two-curls | **fails** | served |
//	<!-- end -->
//
// Several commands can have their parts in one page. Each leaves those of the
// others as they are.
package splice

import (
	"fmt"
	"os"
	"strings"
)

const (
	begin = "<!-- go run ./"
	end   = "<!-- end -->"
)

// Page returns the page with its parts of a command, as "docs/matrix", made
// anew: each is what make returns for its name, as "short form".
//
// It is an error if the page has no part of this command, and if a part has no
// end. Errors say in which line of the page.
func Page(page, command string, make func(part string) (string, error)) (string, error) {
	var b strings.Builder
	number, opened := 0, 0 // lines: this one, and where the part begins that is open
	isOurs, some := false, false
	for line := range strings.Lines(page) {
		number++
		text := strings.TrimRight(line, "\r\n")
		switch {
		case strings.HasPrefix(text, begin):
			if opened > 0 {
				return "", fmt.Errorf("line %d: a part begins, but the one of line %d has no %s yet", number, opened, end)
			}
			b.WriteString(line)
			opened = number
			var part string
			if part, isOurs = strings.CutPrefix(text, begin+command+": "); isOurs {
				some = true
				made, err := make(strings.TrimSuffix(part, " -->"))
				if err != nil {
					return "", fmt.Errorf("line %d: %w", number, err)
				}
				b.WriteString(strings.TrimSuffix(made, "\n") + "\n")
			}
		case text == end:
			if opened == 0 {
				return "", fmt.Errorf("line %d: %s, but no part has begun", number, end)
			}
			b.WriteString(line)
			opened, isOurs = 0, false
		case !isOurs:
			b.WriteString(line)
		}
	}
	switch {
	case opened > 0:
		return "", fmt.Errorf("line %d: a part begins, which has no %s", opened, end)
	case !some:
		return "", fmt.Errorf("there is no part that begins %s%s: ... -->", begin, command)
	}
	return b.String(), nil
}

// File makes the parts of a command anew in a file. The file is written only if
// all of them could be made.
func File(name, command string, make func(part string) (string, error)) error {
	page, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	made, err := Page(string(page), command, make)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return os.WriteFile(name, []byte(made), 0o666)
}
