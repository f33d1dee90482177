package main

import (
	"os"
	"path"
	"regexp"
	"strings"
)

var (
	languages = map[string]string{".py": "python", ".c": "c", ".js": "js", ".cfg": "cfg", ".json": "json", ".mod": "go-mod", ".work": "go-mod", ".diff": "diff"}

	// sameForAll is what the texts of all clients' sockets have in common.
	sameForAll = regexp.MustCompile(`family=\d+, type=1, proto=0, laddr=\([^)]*\), raddr`)
)

// file makes a block of a file, or of lines of it:
//
//	file [lines=1-3] [cut=100] [sockets=short] FILE
//
// A golden log's port is shown as 1337, as the reader's terminal shows it. With
// sockets=short, what is the same for all clients is left out of their sockets.
func (r *request) file() (string, error) {
	if err := r.want("FILE"); err != nil {
		return "", err
	}
	read, err := os.ReadFile(r.root.Path(r.args[0]))
	if err != nil {
		return "", err
	}
	text, language := string(read), languages[path.Ext(r.args[0])]
	if language == "" {
		language = "text"
	}
	if path.Ext(r.args[0]) == ".log" {
		text = strings.ReplaceAll(text, "<port>", "1337")
	}
	if r.option("sockets") == "short" {
		text = sameForAll.ReplaceAllString(text, "… raddr")
	}
	return r.block(language, text)
}
