package chart

import (
	"io"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLinesErrors(t *testing.T) {
	good := []Line{{"poll", []float64{1, 2}, []float64{3, 4}}}
	titled := Config{Title: "T"}
	for _, test := range []struct {
		name   string
		config Config
		lines  []Line
		want   string
	}{
		{"no title", Config{}, good, `chart "": the chart has no title`},
		{"no lines", titled, nil, `chart "T": there is nothing to draw`},
		{"no name", titled, []Line{{}}, `chart "T": number 0 has no name`},
		{"a name twice", titled, append(good, good...), `chart "T": the name "poll" is there twice`},
		{"a foreign name", Config{Title: "T", Names: []string{"epoll"}}, good, `chart "T": "poll" is none of the names ["epoll"]`},
		{"two lines of text", Config{Title: "T", X: "a\nb"}, good, `chart "T": the text "a\nb" is not printable`},
		{"lengths", titled, []Line{{"poll", []float64{1, 2}, []float64{3}}}, `chart "T": poll: 2 values of X, but 1 of Y`},
		{"order", titled, []Line{{"poll", []float64{2, 1}, []float64{3, 4}}}, `chart "T": poll: X does not ascend from 2 to 1`},
		{"no X", titled, []Line{{"poll", []float64{none}, []float64{3}}}, `chart "T": poll: X number 0 is NaN`},
		{"no figures", titled, []Line{{"poll", []float64{1}, []float64{none}}}, `chart "T": no line has a figure`},
		{"negative", titled, []Line{{"poll", []float64{15000}, []float64{-1}}}, `chart "T": poll: Y at X 15000: -1 is negative`},
		{"infinite", titled, []Line{{"poll", []float64{1}, []float64{math.Inf(1)}}}, `chart "T": poll: Y at X 1: it is infinite`},
		{"X of 0", Config{Title: "T", LogX: true}, []Line{{"poll", []float64{0}, []float64{1}}}, `chart "T": poll: X number 0: 0 has no place on a logarithmic axis`},
		{"Y of 0", Config{Title: "T", LogY: true}, []Line{{"poll", []float64{1}, []float64{0}}}, `chart "T": poll: Y at X 1: 0 has no place on a logarithmic axis`},
	} {
		t.Run(test.name, func(t *testing.T) { expectError(t, Lines(io.Discard, test.config, test.lines), test.want) })
	}
}

func TestBarsErrors(t *testing.T) {
	good := []Bar{{"poll", []float64{3}}}
	titled := Config{Title: "T"}
	for _, test := range []struct {
		name   string
		config Config
		groups []string
		bars   []Bar
		want   string
	}{
		{"no bars", titled, []string{"idle"}, nil, `chart "T": there is nothing to draw`},
		{"no groups", titled, nil, good, `chart "T": there are no groups`},
		{"lengths", titled, []string{"idle", "busy"}, good, `chart "T": poll: 1 values, but there are 2 groups`},
		{"negative", titled, []string{"idle"}, []Bar{{"poll", []float64{-3}}}, `chart "T": poll: value of "idle": -3 is negative`},
		{"no figures", titled, []string{"idle"}, []Bar{{"poll", []float64{none}}}, `chart "T": no bar has a figure`},
		{"logarithmic", Config{Title: "T", LogY: true}, []string{"idle"}, good, `chart "T": bars have no logarithmic axis; draw lines`},
	} {
		t.Run(test.name, func(t *testing.T) { expectError(t, Bars(io.Discard, test.config, test.groups, test.bars), test.want) })
	}
}

func expectError(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil {
		t.Fatalf("expected the error\n%s\nbut there was none", want)
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("another error (-expected +found):\n%s", diff)
	}
}
