package main

import (
	"fmt"
	"slices"
	"strings"

	"example.com/echo/docs/lab/figures"
	"example.com/echo/docs/matrix"
	"example.com/echo/docs/servers"
)

// measured returns what the laboratory measured.
func (w *weaver) measured() (*figures.Figures, error) {
	if w.figures == nil {
		f, err := figures.Read(w.root.Path("docs/figures"))
		if err != nil {
			return nil, err
		}
		w.figures = f
	}
	return w.figures, nil
}

// experiment returns the table of the experiment that the first argument names.
func (r *request) experiment() (*figures.Table, error) {
	f, err := r.measured()
	if err != nil {
		return nil, err
	}
	if t := f.Table(r.args[0]); t != nil {
		return t, nil
	}
	return nil, fmt.Errorf("no experiment %q was done", r.args[0])
}

// machine makes the sentence that says where and when the figures come from.
func (r *request) machine() (string, error) {
	f, err := r.measured()
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("Measured on %v.\n", f.Machine), nil
}

// table makes the table of an experiment, or the rows of some servers:
//
//	table EXPERIMENT [SERVER ...]
func (r *request) table() (string, error) {
	if len(r.args) == 0 {
		return "", r.want("EXPERIMENT")
	}
	t, err := r.experiment()
	if err != nil {
		return "", err
	}
	some := *t
	some.Rows = slices.DeleteFunc(slices.Clone(t.Rows), func(row figures.Row) bool {
		return len(r.args) > 1 && !slices.Contains(r.args[1:], row.Server)
	})
	return some.Markdown(), nil
}

// figure makes one number of a table:
//
//	figure EXPERIMENT SERVER X COLUMN
func (r *request) figure() (string, error) {
	if err := r.want("EXPERIMENT", "SERVER", "X", "COLUMN"); err != nil {
		return "", err
	}
	t, err := r.experiment()
	if err != nil {
		return "", err
	}
	for _, row := range t.Rows {
		if row.Server != r.args[1] || strings.ReplaceAll(row.XLabel(), ",", "") != r.args[2] {
			continue
		}
		for _, c := range t.Columns {
			if value, ok := row.Values[c.Name]; ok && c.Name == r.args[3] {
				return figures.Number(value, c.Digits), nil
			}
		}
	}
	return "", fmt.Errorf("the table %s has no such server, X or column", t.Name)
}

// matrixPart makes a part of the behaviour matrix.
func (r *request) matrixPart() (string, error) {
	if r.matrix == nil {
		m, err := matrix.Read(r.root)
		if err != nil {
			return "", err
		}
		r.matrix = m
	}
	return r.matrix.Part(r.rest)
}

// verdicts makes the table of other people's servers of a kind, usual, right or
// wrong: who passes what.
func (r *request) verdicts() (string, error) {
	if err := r.want("KIND"); err != nil {
		return "", err
	}
	v, err := servers.Read(r.root.Path("docs/servers/testdata/verdicts.tsv"))
	if err != nil {
		return "", err
	}
	return v.Table(servers.Kind(r.args[0]))
}
