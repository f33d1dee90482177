package main

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"example.com/echo/docs/splice"
)

// A request is what a page asks for: a kind, then options, then arguments.
//
//	file lines=1-3 cut=100 02-select/testdata/echo.log
type request struct {
	*weaver
	page    string            // that asks, from the root
	now     string            // what stands there
	options map[string]string // those that are not used yet
	rest    string            // the arguments as they were written
	args    []string
}

// A kind makes the parts of one kind.
type kind func(*request) (string, error)

// blocks are the kinds of parts that stand on lines of their own, words those
// inside of a line.
var (
	blocks = map[string]kind{
		"go": (*request).code, "file": (*request).file,
		"run": (*request).output, "slow": (*request).slowOutput,
		"table": (*request).table, "machine": (*request).machine, "matrix": (*request).matrixPart,
		"verdicts": (*request).verdicts, "transcript": (*request).transcript, "exercises": (*request).exercises,
	}
	words = map[string]kind{
		"link": (*request).link, "figure": (*request).figure,
		"run": (*request).outputLine, "added": (*request).added, "deleted": (*request).deleted,
	}
)

// part makes a part of a page.
func (w *weaver) part(page string, part splice.Part) (string, error) {
	kinds, where := blocks, "on lines of its own"
	if part.Inline {
		kinds, where = words, "inside of a line"
	}
	name, rest, _ := strings.Cut(part.Source, " ")
	makeIt, ok := kinds[name]
	if !ok {
		return "", fmt.Errorf("there is no %q %s; there are %s", name, where, strings.Join(slices.Sorted(maps.Keys(kinds)), ", "))
	}
	r := &request{weaver: w, page: page, now: part.Text, options: map[string]string{}}
	if err := r.parse(rest); err != nil {
		return "", err
	}
	made, err := makeIt(r)
	if err == nil && len(r.options) > 0 {
		err = fmt.Errorf("it has no options %s", strings.Join(slices.Sorted(maps.Keys(r.options)), ", "))
	}
	return made, err
}

var option = regexp.MustCompile(`^([a-z]+)=`)

// parse takes options and arguments apart. Both may be quoted as in Go.
func (r *request) parse(text string) error {
	for text = strings.TrimSpace(text); ; {
		match := option.FindStringSubmatch(text)
		if match == nil {
			break
		}
		value, rest, err := word(text[len(match[0]):])
		if err != nil {
			return err
		}
		r.options[match[1]], text = value, rest
	}
	r.rest = text
	for text != "" {
		value, rest, err := word(text)
		if err != nil {
			return err
		}
		r.args, text = append(r.args, value), rest
	}
	return nil
}

// word cuts the first word off a text.
func word(text string) (value, rest string, err error) {
	quoted, err := strconv.QuotedPrefix(text)
	if err != nil { // it does not begin with a quote
		value, rest, _ = strings.Cut(text, " ")
		return value, strings.TrimSpace(rest), nil
	}
	value, err = strconv.Unquote(quoted)
	return value, strings.TrimSpace(text[len(quoted):]), err
}

// option returns the value of an option; "" if it is not given.
func (r *request) option(name string) string {
	value := r.options[name]
	delete(r.options, name)
	return value
}

// want returns an error if there are not as many arguments as names, of which
// the optional ones are in brackets.
func (r *request) want(names ...string) error {
	least := 0
	for _, name := range names {
		if name[0] != '[' {
			least++
		}
	}
	if len(r.args) < least || len(r.args) > len(names) {
		return fmt.Errorf("want the arguments %s", strings.Join(names, " "))
	}
	return nil
}

// block returns text as a code block, as the options say: lines=2-5 takes these
// lines of it, and cut=80 cuts longer lines at this column.
func (r *request) block(language, text string) (string, error) {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if wanted := r.option("lines"); wanted != "" {
		first, last, ok := between(wanted, 1, len(lines))
		if !ok {
			return "", fmt.Errorf("lines=%s: want lines of 1 to %d", wanted, len(lines))
		}
		lines = lines[first-1 : last]
	}
	if wanted := r.option("cut"); wanted != "" {
		column, err := strconv.Atoi(wanted)
		if err != nil || column < 2 {
			return "", fmt.Errorf("cut=%s: want a column", wanted)
		}
		for i, line := range lines {
			if runes := []rune(line); len(runes) > column {
				lines[i] = string(runes[:column-1]) + "…"
			}
		}
	}
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + language + "\n" + strings.Join(lines, "\n") + "\n" + fence + "\n", nil
}

// between takes a range as 2-5, or 3, apart. It reports whether that is one, and
// from least to most.
func between(wanted string, least, most int) (first, last int, ok bool) {
	from, to, isRange := strings.Cut(wanted, "-")
	if !isRange {
		to = from
	}
	first, err := strconv.Atoi(from)
	last, err2 := strconv.Atoi(to)
	return first, last, err == nil && err2 == nil && least <= first && first <= last && last <= most
}
