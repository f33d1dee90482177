//go:build !linux || !(amd64 || arm64)

package waits

import "errors"

// Of knows nothing here.
func Of(pid int) ([]Wait, error) { return nil, errors.ErrUnsupported }
