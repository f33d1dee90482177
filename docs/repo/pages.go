package repo

import (
	"io/fs"
	"slices"
)

// Pages returns the names of the Markdown pages, from the root, sorted.
func (r Root) Pages() ([]string, error) {
	var names []string
	for _, pattern := range []string{"README.md", "*/README.md", "docs/*.md", "docs/*/*.md"} {
		found, err := fs.Glob(r.FS(), pattern)
		if err != nil {
			return nil, err
		}
		names = append(names, found...)
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}
