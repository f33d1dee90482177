package compare

import "slices"

// A pairing is an element of one list, of another, or both beside each other; -1
// is none.
type pairing struct{ left, right int }

// align pairs the elements of two lists, in order, so that the sum of the
// scores is highest. What scores 0 is not paired.
func align(n, m int, score func(i, j int) int) []pairing {
	best := make([][]int, n+1) // of the elements from i and j on
	for i := range best {
		best[i] = make([]int, m+1)
	}
	scores := make([][]int, n)
	for i := n - 1; i >= 0; i-- {
		scores[i] = make([]int, m)
		for j := m - 1; j >= 0; j-- {
			best[i][j] = max(best[i+1][j], best[i][j+1])
			if scores[i][j] = score(i, j); scores[i][j] > 0 {
				best[i][j] = max(best[i][j], best[i+1][j+1]+scores[i][j])
			}
		}
	}
	var pairs []pairing
	i, j := 0, 0
	for i < n || j < m {
		switch {
		case i < n && j < m && scores[i][j] > 0 && best[i][j] == best[i+1][j+1]+scores[i][j]:
			pairs = append(pairs, pairing{i, j})
			i, j = i+1, j+1
		case i < n && best[i][j] == best[i+1][j]:
			pairs = append(pairs, pairing{i, -1})
			i++
		default:
			pairs = append(pairs, pairing{-1, j})
			j++
		}
	}
	return pairs
}

// beside returns the rows of two declarations, with what differs marked.
func beside(left, right []Line) []Row {
	a, b := units(left), units(right)
	var rows []Row
	for _, p := range align(len(a), len(b), func(i, j int) int { return likeness(a[i], b[j]) }) {
		var l, r []Line
		if p.left >= 0 {
			l = a[p.left]
		}
		if p.right >= 0 {
			r = b[p.right]
		}
		mark(l, r)
		for i := range max(len(l), len(r)) {
			var row Row
			if i < len(l) {
				row.Left = &l[i]
			}
			if i < len(r) {
				row.Right = &r[i]
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// units returns what is compared at once: lines of code, and comments with all
// their lines, as a word may have moved to the next one.
func units(lines []Line) (all [][]Line) {
	for _, line := range lines {
		clone := Line{Number: line.Number, Pieces: slices.Clone(line.Pieces)}
		if n := len(all); n > 0 && isComment(line) && isComment(all[n-1][0]) {
			all[n-1] = append(all[n-1], clone)
		} else {
			all = append(all, []Line{clone})
		}
	}
	return all
}

func isComment(l Line) bool {
	at := slices.IndexFunc(l.Pieces, func(p Piece) bool { return !p.isBlank() })
	return at >= 0 && l.Pieces[at].Class == "c"
}

// words returns the pieces of lines that are not blank. The slashes before each
// line of a comment are none of its words, if it has any.
func words(lines []Line) (all []*Piece) {
	slashes := len(lines) > 0 && isComment(lines[0])
	for i := range lines {
		for j := range lines[i].Pieces {
			if p := &lines[i].Pieces[j]; !p.isBlank() && !(slashes && p.Text == "//") {
				all = append(all, p)
			}
		}
	}
	return all
}

// likeness returns how much two units are worth beside each other: nothing if
// less than two fifths of the longer one is in the other too.
func likeness(left, right []Line) int {
	a, b := words(left), words(right)
	if len(a) == 0 && len(b) == 0 {
		return 1
	}
	common := 0
	for _, p := range same(a, b) {
		if p.left >= 0 && p.right >= 0 {
			common++
		}
	}
	if 5*common < 2*max(len(a), len(b)) {
		return 0
	}
	return 4 * common
}

func same(a, b []*Piece) []pairing {
	return align(len(a), len(b), func(i, j int) int {
		if a[i].Text == b[j].Text && a[i].Class == b[j].Class {
			return 1
		}
		return 0
	})
}

// mark marks the pieces that only one of two units has.
func mark(left, right []Line) {
	if left == nil || right == nil {
		markAll(left)
		markAll(right)
		return
	}
	a, b := words(left), words(right)
	for _, p := range same(a, b) {
		switch {
		case p.right < 0:
			a[p.left].Changed = true
		case p.left < 0:
			b[p.right].Changed = true
		}
	}
}

func markAll(lines []Line) {
	for _, l := range lines {
		for i := range l.Pieces {
			l.Pieces[i].Changed = !l.Pieces[i].isBlank()
		}
	}
}
