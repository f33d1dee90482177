//go:build !linux

package main

import (
	"context"
	"errors"

	"example.com/echo/docs/recording"
	"example.com/echo/docs/repo"
)

// A recorder shows what is kept: strace is Linux's.
type recorder struct{ root repo.Root }

func newRecorder(root repo.Root) (*recorder, error) { return &recorder{root}, nil }

func (r *recorder) close() {}

func mayTrace(context.Context) error { return errors.New("strace is Linux's") }

func (r *recorder) record(ctx context.Context, _ pairing) (*recording.Recording, error) {
	return nil, mayTrace(ctx)
}
