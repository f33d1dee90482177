package main

import (
	"context"
	"os"
	"os/exec"

	"github.com/chromedp/chromedp"
)

// startBrowser starts Chromium without a window. Whoever calls it calls stop. The
// error is exec.ErrNotFound if none is installed.
func startBrowser() (ctx context.Context, stop func(), err error) {
	for _, name := range []string{"chromium-headless-shell", "chromium", "google-chrome"} {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		options := []chromedp.ExecAllocatorOption{chromedp.ExecPath(path)}
		if os.Geteuid() == 0 {
			options = append(options, chromedp.NoSandbox) // it has none for root
		}
		ctx, stop := chromedp.NewContext(context.Background(), chromedp.WithAllocatorOptions(options...))
		return ctx, stop, chromedp.Do(ctx)
	}
	return nil, func() {}, exec.ErrNotFound
}
