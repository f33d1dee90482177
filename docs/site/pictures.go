package main

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io/fs"
	"maps"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"

	"example.com/echo/docs/repo"
	protocol "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// A picture is a part of a page that the front page shows.
type picture struct {
	file, path, fragment string
	width                int64
	from, to             string // the first and the last element of it, in CSS
}

var photographs = []picture{
	{"site-replay.png", "replay/two-clients.html", "02-select,04-epoll,3.1", 1120, "#controls", "#program-1 .structures"},
	{"site-compare.png", pairPath(repo.Lessons[2], repo.Lessons[3]), "", 1000, ".differs[aria-label=loop]", ".differs[aria-label=Run]"},
}

// sums is the file that says what the pictures were made of.
const sums = "docs/pictures/site.sum"

// madeOf returns the sums of what the pictures show: who changes that makes the
// pictures anew.
func madeOf(files map[string][]byte) string {
	var b strings.Builder
	for _, p := range photographs {
		sum := sha256.New()
		_, body, _ := bytes.Cut(files[p.path], []byte(`<main `)) // the rest names other pages
		body, _, _ = bytes.Cut(body, []byte(`<nav `))
		sum.Write(body)
		sum.Write(files["site.css"])
		for _, name := range slices.Sorted(maps.Keys(files)) {
			if strings.HasPrefix(name, strings.TrimSuffix(p.path, ".html")+"/") {
				sum.Write(files[name])
			}
		}
		fmt.Fprintf(&b, "%x  %s\n", sum.Sum(nil)[:8], p.file)
	}
	return b.String()
}

// photograph makes the pictures that the front page shows of the site.
func photograph(root repo.Root, files map[string][]byte) error {
	ctx, stop, err := startBrowser()
	defer stop()
	if errors.Is(err, exec.ErrNotFound) {
		return errors.New("the pictures need Chromium: in Debian it is in the package chromium-headless-shell")
	}
	if err != nil {
		return err
	}
	server := httptest.NewServer(handler(files))
	defer server.Close()
	for _, p := range photographs {
		address := server.URL + "/" + p.path
		if p.fragment != "" {
			address += "#" + p.fragment
		}
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(p.width, 900), chromedp.Navigate(address), chromedp.WaitVisible(chromedp.CSS(p.to))); err != nil {
			return err
		}
		clip, err := chromedp.Run(ctx, chromedp.Evaluate[protocol.Viewport](fmt.Sprintf(`(() => {
			const first = document.querySelector(%q).getBoundingClientRect(), last = document.querySelector(%q).getBoundingClientRect();
			return {x: 0, y: first.top + scrollY - 8, width: innerWidth, height: last.bottom - first.top + 16, scale: 1};
		})()`, p.from, p.to)))
		if err != nil {
			return err
		}
		beyond := true // what is seen
		shot, err := chromedp.Call(ctx, protocol.CaptureScreenshot, protocol.CaptureScreenshotParams{Clip: &clip, CaptureBeyondViewport: &beyond})
		if err != nil {
			return err
		}
		small, err := reduced(shot.Data)
		if err != nil {
			return err
		}
		if err := os.WriteFile(root.Path("docs/pictures/"+p.file), small, 0o666); err != nil {
			return err
		}
	}
	return os.WriteFile(root.Path(sums), []byte(madeOf(files)), 0o666)
}

// reduced returns a picture with its 48 most frequent colours only: it becomes
// a third as large, and nobody sees why.
func reduced(shot []byte) ([]byte, error) {
	from, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		return nil, err
	}
	bounds, often := from.Bounds(), map[color.Color]int{}
	for y := range bounds.Max.Y {
		for x := range bounds.Max.X {
			often[from.At(x, y)]++
		}
	}
	colours := slices.SortedFunc(maps.Keys(often), func(a, b color.Color) int { return often[b] - often[a] })
	to := image.NewPaletted(bounds, colours[:min(len(colours), 48)])
	draw.Draw(to, bounds, from, image.Point{}, draw.Src)
	var made bytes.Buffer
	err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&made, to)
	return made.Bytes(), err
}

// stale returns an error if the pictures were made of something else.
func stale(root repo.Root, files map[string][]byte) error {
	found, err := fs.ReadFile(root.FS(), sums)
	if err != nil || string(found) != madeOf(files) {
		return fmt.Errorf("docs/pictures/site-*.png are missing or stale; go run ./docs/site -pictures makes them anew (%v)", err)
	}
	return nil
}
