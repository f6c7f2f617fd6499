package dendritetest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// buildTime is how long a build may take, with the download on a slow line.
const buildTime = 9 * time.Minute

// tools are the built programs.
type tools struct {
	dir                string // holds everything made from this version
	dendrite, keymaker string
}

// build returns the programs of bot/matrix/testserver, building them if this
// version of the module has not yet been built with this version of Go by
// this user. Other processes that want the same wait for the one that builds.
func build() (tools, error) {
	module, err := moduleDir()
	if err != nil {
		return tools{}, err
	}
	dir, err := cacheDir(module)
	if err != nil {
		return tools{}, err
	}
	bin := filepath.Join(dir, "bin")
	err = once(bin, func(tmp string) error { return goBuild(module, tmp) })
	if err != nil {
		return tools{}, fmt.Errorf("building Dendrite: %w", err)
	}
	exe := ""
	if runtime.GOOS == "windows" {
		exe = ".exe"
	}
	return tools{dir, filepath.Join(bin, "dendrite"+exe), filepath.Join(bin, "generate-keys"+exe)}, nil
}

// goBuild builds the tools of a module into dir.
func goBuild(module, dir string) error {
	fmt.Fprintln(os.Stderr, "dendritetest: building Dendrite, once; this takes a minute or two")
	ctx, cancel := context.WithTimeout(context.Background(), buildTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-o", dir+string(filepath.Separator), "tool")
	cmd.Dir = module
	// Flags and workspaces of the bot's own build are none of this module's business.
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off", "PWD="+module)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go build in %s: %w\n%s", module, err, out)
	}
	return nil
}

// moduleDir returns the folder of the nested module. Tests run in the folder
// of their package, so it is found from there upwards.
func moduleDir() (string, error) {
	start, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		module := filepath.Join(dir, "bot", "matrix", "testserver")
		if _, err := os.Stat(filepath.Join(module, "go.mod")); err == nil {
			return module, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("no bot/matrix/testserver above %s", start)
		}
	}
}

// cacheDir returns the folder for what is made from this very state of the module.
func cacheDir(module string) (string, error) {
	user, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	hash := sha256.New()
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(module, name))
		if err != nil {
			return "", err
		}
		hash.Write(text)
	}
	fmt.Fprint(hash, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	dir := filepath.Join(user, "wortley-test", fmt.Sprintf("dendrite-%.6x", hash.Sum(nil)))
	return dir, os.MkdirAll(dir, 0o700)
}

// once makes the folder dir with make, which fills the empty folder it is
// given. If dir is there already, once does nothing; dir is there whole or not
// at all, whoever is killed when.
func once(dir string, make func(tmp string) error) error {
	unlock, err := lock(dir + ".lock")
	if err != nil {
		return err
	}
	defer unlock()
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	tmp, err := os.MkdirTemp(filepath.Dir(dir), strings.TrimPrefix(filepath.Base(dir), ".")+".tmp*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	if err := make(tmp); err != nil {
		return err
	}
	return os.Rename(tmp, dir)
}
