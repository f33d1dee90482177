//go:build !linux

// Package recorder makes recordings on Linux only.
package recorder

import (
	"context"
	"errors"

	"example.com/echo/docs/recording"
	"example.com/echo/docs/repo"
)

// A Recorder makes none here: strace is Linux's.
type Recorder struct{}

// New returns a Recorder.
func New(repo.Root) (*Recorder, error) { return &Recorder{}, nil }

// Close does nothing.
func (r *Recorder) Close() {}

// MayTrace returns an error.
func MayTrace(context.Context) error { return errors.New("strace is Linux's") }

// Record returns an error.
func (r *Recorder) Record(ctx context.Context, _ string, _ Script) (*recording.Recording, error) {
	return nil, MayTrace(ctx)
}
