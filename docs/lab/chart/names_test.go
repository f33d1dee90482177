package chart

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/plot/vg"
)

func TestSpread(t *testing.T) {
	for _, test := range []struct {
		name   string
		wanted []vg.Length
		want   []vg.Length
	}{
		{"apart", []vg.Length{90, 50, 10}, []vg.Length{90, 50, 10}},
		{"together", []vg.Length{50, 50, 50}, []vg.Length{60, 50, 40}},
		{"at the top", []vg.Length{100, 99}, []vg.Length{100, 90}},
		{"at the bottom", []vg.Length{1, 0}, []vg.Length{10, 0}},
		{"one by one", []vg.Length{52, 50, 39}, []vg.Length{57, 47, 37}},
	} {
		got := spread(test.wanted, 10, 0, 100)
		for i := range got {
			got[i] = vg.Length(math.Round(got[i].Points()))
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-expected +found):\n%s", test.name, diff)
		}
	}
}
