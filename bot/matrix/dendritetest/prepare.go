package dendritetest

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// prepare returns a folder with a signing key, empty databases and [Users],
// made once for each configuration. Starting on a copy of it is several times
// faster than starting from nothing.
func prepare(t tools) (string, error) {
	config := settings{}.config()
	hash := sha256.Sum256(fmt.Append(nil, config, Users))
	dir := filepath.Join(t.dir, fmt.Sprintf("data-%.6x", hash))
	err := once(dir, func(tmp string) error { return fill(t, tmp, config) })
	if err != nil {
		return "", fmt.Errorf("preparing the data of a server: %w", err)
	}
	return dir, nil
}

func fill(t tools, dir, config string) error {
	if err := os.WriteFile(filepath.Join(dir, configName), []byte(config), 0o600); err != nil {
		return err
	}
	keys := exec.Command(t.keymaker, "--private-key", keyName)
	keys.Dir = dir
	if out, err := keys.CombinedOutput(); err != nil {
		return fmt.Errorf("making a signing key: %w\n%s", err, out)
	}
	server, err := launch(t.dendrite, dir)
	if err != nil {
		return err
	}
	defer server.Stop() // gently, so that the databases are whole before they are copied
	for _, user := range Users {
		if err := server.register(user, Password(user)); err != nil {
			return fmt.Errorf("registering %q: %w", user, err)
		}
	}
	return nil
}
