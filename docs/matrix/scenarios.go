package matrix

// A Scenario is a row of the matrix.
type Scenario struct {
	Name, Story string
	Outcomes    []Outcome // in the order of the columns
}

// An Outcome is what became of a scenario with one server.
type Outcome struct {
	Title  string // of the column
	Lesson string // whose server it is
	Served bool
	How    string // it failed; "" if it was served, or if it does not apply
	Why    string // it failed, or does not apply
}

// Scenarios returns the rows of the matrix.
func (m Matrix) Scenarios() []Scenario {
	var rows []Scenario
	for i, sc := range scenarios {
		row := Scenario{Name: sc.Name, Story: sc.Story}
		for _, c := range m {
			o := c.outcomes[i]
			row.Outcomes = append(row.Outcomes, Outcome{Title: c.title, Lesson: c.lesson, Served: o.served, How: o.how, Why: o.why})
		}
		rows = append(rows, row)
	}
	return rows
}
