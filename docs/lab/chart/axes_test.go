package chart

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/plot"
)

func TestAxes(t *testing.T) {
	for _, test := range []struct {
		name string
		make func(*plot.Axis)
		want []string
	}{
		{"from zero", func(a *plot.Axis) { fromZero(a, 15000) }, []string{"0", "5,000", "10,000", "15,000"}},
		{"of fractions", func(a *plot.Axis) { fromZero(a, 0.6) }, []string{"0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6"}},
		{"of millions", func(a *plot.Axis) { fromZero(a, 1.1e6) }, []string{"0", "0.2 M", "0.4 M", "0.6 M", "0.8 M", "1 M", "1.2 M"}},
		{"logarithmic", func(a *plot.Axis) { logarithmic(a, 3, 4000) }, []string{"10", "100", "1,000"}},
		{"logarithmic over little", func(a *plot.Axis) { logarithmic(a, 3, 40) }, []string{"2", "5", "10", "20", "50"}},
		{"logarithmic of one", func(a *plot.Axis) { logarithmic(a, 10, 10) }, []string{"10", "20"}},
		{"measured", func(a *plot.Axis) { measured(a, []float64{1, 10, 100, 900}, 600) }, []string{"1", "10", "100", "900"}},
		{"measured close together", func(a *plot.Axis) { measured(a, []float64{1, 10, 899, 900}, 600) }, []string{"1", "10", "", "900"}},
	} {
		p := newPlot()
		test.make(&p.X)
		var labels []string
		for _, tick := range p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max) {
			labels = append(labels, tick.Label)
		}
		if diff := cmp.Diff(test.want, labels); diff != "" {
			t.Errorf("%s (-expected +found):\n%s", test.name, diff)
		}
	}
}
