package worker

// executable returns the path of this program, for starting it once more. This
// one is right even after the program's file was deleted or replaced: all
// workers are of one version. Source: proc(5), /proc/PID/exe.
func executable() (string, error) { return "/proc/self/exe", nil }
