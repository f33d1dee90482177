package chart

import (
	"testing"
)

func TestNumbers(t *testing.T) {
	for _, test := range []struct {
		v    float64
		want string
	}{
		{0, "0"}, {0.1 + 0.2, "0.3"}, {0.01234, "0.0123"}, {12.345, "12.3"}, {999.4, "999"}, {999.6, "1,000"},
		{15000, "15,000"}, {123456.7, "123,457"}, {999999.9, "1 M"}, {1.2e6, "1.2 M"}, {3e9, "3 G"}, {1.5e12, "1,500 G"},
	} {
		if got := number(test.v); got != test.want {
			t.Errorf("%v: expected %q, but found %q", test.v, test.want, got)
		}
	}
}
