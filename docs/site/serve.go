package main

import (
	"bytes"
	"errors"
	"mime"
	"net"
	"net/http"
	"path"
	"strings"
	"syscall"
	"time"
)

// policy lets a page load the site's own files only. A picture may have styles
// of its own; those of a page are all in a file.
const (
	policy        = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	picturePolicy = "default-src 'none'; style-src 'unsafe-inline'"
)

// usual is where the site is, if nobody else is there.
const usual = "127.0.0.1:8000"

// listen listens at addr. Without one it takes the usual address, and if somebody
// else has that, any port that is free.
func listen(addr string) (net.Listener, error) {
	if addr != "" {
		return net.Listen("tcp", addr)
	}
	listener, err := net.Listen("tcp", usual)
	if errors.Is(err, syscall.EADDRINUSE) {
		return net.Listen("tcp", "127.0.0.1:0")
	}
	return listener, err
}

// handler serves the files, and nothing else: it looks names up and never opens
// a file, so no path can lead out of the site.
func handler(files map[string][]byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, "405: only GET and HEAD", http.StatusMethodNotAllowed)
			return
		}
		header := w.Header()
		header.Set("Content-Security-Policy", policy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Cache-Control", "no-cache")
		name := strings.TrimPrefix(r.URL.Path, "/")
		if name == "" || strings.HasSuffix(name, "/") {
			name += "index.html"
		}
		content, ok := files[name]
		if !ok {
			for _, end := range []string{".html", "/index.html"} {
				if _, ok := files[name+end]; ok {
					http.Redirect(w, r, "/"+strings.TrimSuffix(name+end, "index.html"), http.StatusFound)
					return
				}
			}
			http.Error(w, "404: the site has no such page. It begins at /", http.StatusNotFound)
			return
		}
		if path.Ext(name) == ".svg" {
			header.Set("Content-Security-Policy", picturePolicy)
		}
		header.Set("Content-Type", contentType(name))
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
	})
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".html", ".css", ".js", ".svg", ".png", ".json":
		return mime.TypeByExtension(path.Ext(name))
	}
	return "text/plain; charset=utf-8"
}
