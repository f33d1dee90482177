package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// look is what the tests run inside of a page, to see it as a reader does.
//
//go:embed testdata/look.js
var look string

// patience is how long a page may take. It is for a machine that does much else.
const patience = 2 * time.Minute

// A tab is a page in a browser.
type tab struct {
	t      *testing.T
	ctx    context.Context
	server *httptest.Server

	mu      sync.Mutex
	wrong   []string // what the browser complained of
	outside []string // what the page asked others for
}

// sample returns one in n of what is many and alike, or all of it if TAKE_TIME is in
// the environment.
func sample[T any](all []T, n int) []T {
	if os.Getenv("TAKE_TIME") != "" {
		return all
	}
	var some []T
	for i := 0; i < len(all); i += n {
		some = append(some, all[i])
	}
	return some
}

// browser starts the one browser of all tests.
var browser = sync.OnceValues(func() (ctx context.Context, err error) {
	ctx, stopBrowser, err = startBrowser()
	return ctx, err
})

var stopBrowser = func() {}

func TestMain(m *testing.M) {
	status := m.Run()
	stopBrowser()
	os.Exit(status)
}

// openTab opens a tab, and serves the files to it. The test is skipped where no
// browser is.
func openTab(t *testing.T, files map[string][]byte) *tab {
	t.Helper()
	parent, err := browser()
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("no Chromium is installed: in Debian it is in the package chromium-headless-shell")
	}
	if err != nil {
		t.Fatal(err)
	}
	ctx, shut := chromedp.NewContext(parent)
	t.Cleanup(shut)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	t.Cleanup(cancel)
	b := &tab{t: t, ctx: ctx, server: httptest.NewServer(handler(files))}
	t.Cleanup(b.server.Close)
	if err := chromedp.Listen(ctx, b.listen); err != nil {
		t.Fatal(err)
	}
	call(b, network.Enable, network.EnableParams{})
	call(b, log.Enable, cdp.Empty{})
	b.width(1280)
	return b
}

// call sends a command of the browser's protocol.
func call[P, R any](b *tab, command cdp.Command[P, R], params P) R {
	b.t.Helper()
	result, err := chromedp.Call(b.ctx, command, params)
	if err != nil {
		b.t.Fatal(err)
	}
	return result
}

// listen keeps what goes wrong.
func (b *tab) listen(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		b.wrong = append(b.wrong, e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		b.wrong = append(b.wrong, fmt.Sprintf("the console has %s", e.Type))
	case *log.EventEntryAdded:
		b.wrong = append(b.wrong, e.Entry.Text+" "+e.Entry.URL)
	case *network.EventRequestWillBeSent:
		u, err := url.Parse(e.Request.URL)
		if err != nil || u.Scheme != "file" && u.Host != strings.TrimPrefix(b.server.URL, "http://") {
			b.outside = append(b.outside, e.Request.URL)
		}
	}
}

// complaints returns what went wrong since the last time.
func (b *tab) complaints() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	found := b.wrong
	for _, address := range b.outside {
		found = append(found, "asked for "+address)
	}
	b.wrong, b.outside = nil, nil
	return found
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

func (b *tab) width(pixels int64) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(pixels, 900))
}

// prefer says what the reader's system prefers: "prefers-color-scheme" "dark".
func (b *tab) prefer(feature, value string) {
	b.t.Helper()
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: feature, Value: value}}})
}

// open opens a page of the site, afresh.
func (b *tab) open(page string) {
	b.t.Helper()
	b.openURL(b.server.URL + "/" + page)
}

func (b *tab) openURL(address string) {
	b.t.Helper()
	if strings.Contains(address, "#") { // from a page to its own fragments a browser loads nothing
		b.do(chromedp.Navigate("about:blank"))
	}
	b.do(chromedp.Navigate(address))
	if strings.Contains(address, "/replay/") && !strings.Contains(address, "index.html") {
		b.do(chromedp.WaitVisible(chromedp.ID("stage")))
	}
}

// ask evaluates an expression in the page, with the functions of look.js, and
// returns what it is.
func ask[T any](b *tab, expression string) (value T) {
	b.t.Helper()
	text, err := chromedp.Run(b.ctx, chromedp.Evaluate[string]("(() => {"+look+"\nreturn JSON.stringify("+expression+")})()"))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		b.t.Fatalf("%s: %v in %.200s", expression, err, text)
	}
	return value
}
