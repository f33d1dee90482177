//go:build !linux

package worker

import "os"

// executable returns the path of this program, for starting it once more. If
// its file is replaced meanwhile, the next workers are of another version.
func executable() (string, error) { return os.Executable() }

// holdSignals does nothing here: a signal to the whole process group ends a
// worker that has only just been started.
func holdSignals() error { return nil }
