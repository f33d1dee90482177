package exercise

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"example.com/echo/01-blocking/echotest/mutants"
	"example.com/echo/docs/lessons"
	"example.com/echo/docs/repo"
)

// rebuildPage has the parts of the lessons that the reader can write anew, in the
// form of the lessons' exercises.
const rebuildPage = "docs/practice/rebuild.md"

var (
	title   = regexp.MustCompile(`^### (?:\d+\. )?(.*)$`)
	mark    = regexp.MustCompile(`^<!-- exercise: (\S+)(.*) -->$`)
	option  = regexp.MustCompile(` (\w+)="([^"]*)"`)
	details = regexp.MustCompile(`(?s)<details><summary>([^<]*)</summary>\n(.*?)</details>\n?`)
	comment = regexp.MustCompile(`(?m)^<!-- .* -->\n|<!-- .*? -->`)
	command = regexp.MustCompile("(?m)^```sh\ngo run \\./docs/practice [^\n]*\n```\n")
)

// A part is one exercise's place in a page.
type part struct {
	title, name string
	options     map[string]string
	task        string
	details     map[string]string
	raw         string // the answer, with its comments
}

// ofPage returns the exercises that stand in a page.
func ofPage(root repo.Root, page string, kind Kind) (all []*Exercise, trouble error) {
	text, err := os.ReadFile(root.Path(page))
	if err != nil {
		return nil, err
	}
	parts := split(string(text))
	for _, p := range parts {
		e, err := p.exercise(root, page, kind, parts)
		if err != nil {
			trouble = errors.Join(trouble, fmt.Errorf("%s, exercise %s: %w", page, p.name, err))
			continue
		}
		all = append(all, e)
	}
	return all, trouble
}

// split returns the parts of a page that are exercises.
func split(page string) (parts []*part) {
	heading, isInside := "", false
	var p *part
	for line := range strings.Lines(page) {
		line := strings.TrimSuffix(line, "\n")
		if m := title.FindStringSubmatch(line); m != nil {
			heading, isInside = m[1], false
		} else if strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "####") {
			isInside = false
		}
		if m := mark.FindStringSubmatch(line); m != nil {
			p, isInside = &part{title: heading, name: m[1], options: map[string]string{}, details: map[string]string{}}, true
			parts = append(parts, p)
			for _, o := range option.FindAllStringSubmatch(m[2], -1) {
				p.options[o[1]] = o[2]
			}
		} else if isInside {
			p.task += line + "\n"
		}
	}
	for _, p := range parts {
		for _, m := range details.FindAllStringSubmatch(p.task, -1) {
			p.details[m[1]] = strings.TrimSpace(comment.ReplaceAllString(m[2], ""))
			if m[1] == "Answer" {
				p.raw = m[2]
			}
		}
		p.task = command.ReplaceAllString(details.ReplaceAllString(p.task, ""), "")
		p.task = strings.TrimSpace(comment.ReplaceAllString(p.task, ""))
	}
	return parts
}

var (
	wovenDiff = regexp.MustCompile(`<!-- weave: file (\S+\.diff) -->`)
	changedIn = regexp.MustCompile(`(?m)^\+\+\+ b/(\S+).*\n`)
	fromFile  = regexp.MustCompile(`(?m)^(?:diff |index |--- ).*\n`)
)

// exercise makes an exercise of a part. others are all parts of the page.
func (p *part) exercise(root repo.Root, page string, kind Kind, others []*part) (*Exercise, error) {
	e := &Exercise{
		ID: p.name, Name: p.name, Kind: kind, Page: page, Title: p.title, Task: p.task,
		Given: map[string]string{}, Answers: map[string]string{},
		Passes: strings.Fields(p.options["passes"]), Fails: strings.Fields(p.options["fails"]),
		FailsSo: p.options["so"], Usual: map[string]string{}, Answer: p.details["Answer"],
	}
	for i := 1; p.details[fmt.Sprintf("Hint %d", i)] != ""; i++ {
		e.Hints = append(e.Hints, p.details[fmt.Sprintf("Hint %d", i)])
	}
	var err error
	if kind == Rebuild {
		err = p.blank(root, e, others)
	} else {
		err = p.change(root, e)
	}
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(lessons.All, func(l mutants.Lesson) bool { return strings.HasPrefix(e.lessonOf(page), l.Name) })
	if at < 0 {
		return nil, errors.New("belongs to no lesson")
	}
	e.Lesson = lessons.All[at]
	for _, name := range slices.Concat(e.Passes, e.Fails) {
		if _, err := e.Lesson.Find(name); err != nil {
			return nil, err
		}
		text, err := os.ReadFile(root.Path(e.Lesson.Name + "/testdata/" + name + ".failure"))
		e.Usual[name] = mutants.None
		if err == nil {
			e.Usual[name] = string(text)
		}
	}
	if len(e.Passes) == 0 && len(e.Fails) == 0 {
		return nil, errors.New("names no scenario that has to pass, and none that has to fail")
	}
	return e, nil
}

// lessonOf returns a path in the lesson that an exercise of a page belongs to.
func (e *Exercise) lessonOf(page string) string {
	if e.Kind == Change {
		return page
	}
	return e.File
}

// change applies the diff that the answer shows.
func (p *part) change(root repo.Root, e *Exercise) error {
	m := wovenDiff.FindStringSubmatch(p.raw)
	if m == nil {
		return errors.New("the answer shows no diff: <!-- weave: file ....diff -->")
	}
	text, err := os.ReadFile(root.Path(m[1]))
	if err != nil {
		return err
	}
	diff := fromFile.ReplaceAllString(string(text), "")
	places := changedIn.FindAllStringSubmatchIndex(diff, -1)
	for i, at := range places {
		name, end := diff[at[2]:at[3]], len(diff)
		if i+1 < len(places) {
			end = places[i+1][0]
		}
		source, err := os.ReadFile(root.Path(name))
		if err != nil {
			return err
		}
		if e.Answers[name], err = mutants.Apply(string(source), diff[at[1]:end]); err != nil {
			return fmt.Errorf("%s: %s: %w", m[1], name, err)
		}
		if e.File == "" {
			e.File = name
		}
	}
	if e.File == "" {
		return fmt.Errorf("%s changes no file: it has no line that begins with +++", m[1])
	}
	return nil
}
