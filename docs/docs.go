// Package docs holds what is written about the five servers, and the tests
// that keep it true of the code.
package docs
