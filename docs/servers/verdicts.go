package servers

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// Passes is the outcome of a scenario that did not fail.
const Passes = "passes"

// Verdicts has what became of the scenarios, by server and by scenario: Passes, or
// the words that say why it failed.
type Verdicts map[string]map[string]string

// Read reads verdicts from the file that the tests keep. Each line has a server,
// an outcome and the scenarios with this outcome.
func Read(name string) (Verdicts, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	v := Verdicts{}
	for line := range strings.Lines(string(text)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 3 {
			return nil, fmt.Errorf("%s: want server, outcome and scenarios: %q", name, line)
		}
		if v[f[0]] == nil {
			v[f[0]] = map[string]string{}
		}
		for _, scenario := range strings.Fields(f[2]) {
			v[f[0]][scenario] = f[1]
		}
	}
	return v, nil
}

// Write writes verdicts of all servers as Read reads them.
func (v Verdicts) Write(name string) error {
	var b strings.Builder
	for _, s := range All {
		for _, g := range v.groups(s) {
			if len(g.scenarios) == 0 {
				continue // all fail, or it has not played yet
			}
			fmt.Fprintf(&b, "%s\t%s\t%s\n", s.Name, g.outcome, strings.Join(g.scenarios, " "))
		}
	}
	return os.WriteFile(name, []byte(b.String()), 0o666)
}

// A group is an outcome of a server's and the scenarios that have it.
type group struct {
	outcome   string
	scenarios []string
}

// groups returns the outcomes of a server, in the order of the scenarios, but
// Passes first.
func (v Verdicts) groups(s Server) []group {
	groups := []group{{outcome: Passes}}
	for _, sc := range s.Scenarios() {
		outcome, ok := v[s.Name][sc.Name]
		if !ok {
			continue
		}
		at := slices.IndexFunc(groups, func(g group) bool { return g.outcome == outcome })
		if at < 0 {
			at = len(groups)
			groups = append(groups, group{outcome: outcome})
		}
		groups[at].scenarios = append(groups[at].scenarios, sc.Name)
	}
	return groups
}

// Table returns the servers of a kind as a Markdown table: who passes what, and
// why the rest fails.
func (v Verdicts) Table(kind Kind) (string, error) {
	if !slices.ContainsFunc(All, func(s Server) bool { return s.Kind == kind }) {
		return "", fmt.Errorf("no server is %s", kind)
	}
	var b strings.Builder
	b.WriteString("| server | passes | fails |\n|---|---|---|\n")
	for _, s := range All {
		if s.Kind != kind {
			continue
		}
		groups, fails := v.groups(s), []string{}
		for _, g := range groups[1:] {
			fails = append(fails, fmt.Sprintf("**%s**: %s", g.outcome, strings.Join(g.scenarios, ", ")))
		}
		if len(s.Varies) > 0 {
			fails = append(fails, "differs from run to run: "+strings.Join(s.Varies, ", "))
		}
		if len(fails) == 0 {
			fails = []string{"–"}
		}
		label := fmt.Sprintf("[%s](testdata/%[1]s)", s.Name)
		if s.Command != "" {
			label = "`" + s.Command + "`"
		}
		played := len(s.Scenarios())
		fmt.Fprintf(&b, "| %s | %d of %d | %s |\n", label, len(groups[0].scenarios), played, strings.Join(fails, "<br>"))
	}
	return b.String(), nil
}
