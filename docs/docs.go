// Package docs holds the tests that keep this repository's promises true: of
// its layout, its modules, its code and its text. They are tests of the tree
// itself, so the package has no code of its own.
package docs

//go:generate go run ./draw
//go:generate go run ./weave
