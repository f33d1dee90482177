//go:build linux

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"

	"example.com/echo/docs/lab/load"
)

// driveWord is the argument with which this program is the clients' process.
const driveWord = "drive"

// A driver is the clients' process.
type driver struct {
	cmd      *exec.Cmd
	commands io.WriteCloser
	answers  *json.Decoder
	said     *strings.Builder
}

// connect starts the clients' process on the processors, and returns when all
// the clients are connected.
func connect(ctx context.Context, plan load.Plan, processors []int) (*driver, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	d := &driver{cmd: exec.Command(self, driveWord), said: new(strings.Builder)}
	d.cmd.Stderr = d.said
	if d.commands, err = d.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	answers, err := d.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	d.answers = json.NewDecoder(answers)
	if err := begin(d.cmd, processors); err != nil {
		return nil, err
	}
	context.AfterFunc(ctx, func() { d.cmd.Process.Kill() })
	if err := json.NewEncoder(d.commands).Encode(plan); err != nil {
		return nil, d.failed(ctx, err)
	}
	var word string
	if err := d.answers.Decode(&word); err != nil {
		return nil, d.failed(ctx, err)
	}
	return d, nil
}

// run has the clients do what the plan says, and returns what was measured of
// them and of the server's processes.
func (d *driver) run(ctx context.Context, s *server) (load.Result, error) {
	var result load.Result
	if err := json.NewEncoder(d.commands).Encode(load.Start{Processes: s.processes()}); err != nil {
		return result, d.failed(ctx, err)
	}
	if err := d.answers.Decode(&result); err != nil {
		return result, d.failed(ctx, err)
	}
	return result, nil
}

// close ends the clients' process.
func (d *driver) close() {
	d.commands.Close()
	d.cmd.Wait()
}

// failed ends the clients' process and says why it does not answer.
func (d *driver) failed(ctx context.Context, err error) error {
	d.close()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if text := strings.TrimSpace(d.said.String()); text != "" {
		return fmt.Errorf("clients: %s", text)
	}
	return fmt.Errorf("clients: %w", err)
}
