package chart

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/plot"
)

func TestAxes(t *testing.T) {
	for _, test := range []struct {
		name      string
		low, high float64
		make      func(*plot.Axis)
		want      []string
	}{
		{"from zero", 10, 15_000, func(a *plot.Axis) { fromZero(a, 6) }, []string{"0", "5,000", "10,000", "15,000"}},
		{"a power of ten", 10, 10_000, func(a *plot.Axis) { fromZero(a, 4) }, []string{"0", "5,000", "10,000"}},
		{"fractions", 0, 0.6, func(a *plot.Axis) { fromZero(a, 6) }, []string{"0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6"}},
		{"just above", 0, 912, func(a *plot.Axis) { fromZero(a, 6) }, []string{"0", "200", "400", "600", "800", "1,000"}},
		{"only zeros", 0, 0, func(a *plot.Axis) { fromZero(a, 2) }, []string{"0", "0.5", "1"}},
		{"powers", 3, 4000, powers, []string{"1", "10", "100", "1,000", "10,000"}},
		{"exact powers", 10, 100, powers, []string{"10", "100"}},
	} {
		axis := &plot.Axis{Min: test.low, Max: test.high}
		test.make(axis)
		var labels []string
		for _, tick := range axis.Tick.Marker.Ticks(axis.Min, axis.Max) {
			labels = append(labels, tick.Label)
		}
		if diff := cmp.Diff(test.want, labels); diff != "" {
			t.Errorf("%s (-expected +found):\n%s", test.name, diff)
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, test := range []struct {
		v    float64
		want string
	}{
		{0, "0"}, {0.1 + 0.2, "0.3"}, {0.01234, "0.012"}, {12.345, "12.3"}, {99.96, "100"}, {999.6, "1,000"},
		{15000, "15,000"}, {123456.7, "123,457"},
	} {
		if got := number(test.v); got != test.want {
			t.Errorf("%v: expected %q, but found %q", test.v, test.want, got)
		}
	}
}
