//go:build !linux

package worker

import "os"

// executable returns the path of this program, for starting it once more. If
// its file is replaced meanwhile, the next workers are of another version.
func executable() (string, error) { return os.Executable() }
