package main

import (
	"fmt"
	"os"
)

type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// completions let a shell ask this very program what may come next, which it
// does by starting it with COMP_LINE set.
var completions = map[string]string{
	"bash": "complete -C %[1]s wortley\n",
	"zsh":  "autoload -U +X bashcompinit && bashcompinit\ncomplete -C %[1]s wortley\n",
	"fish": "complete -c wortley -f -a '(env COMP_LINE=(commandline -cp) %[1]s)'\n",
}

// Run prints what makes Tab complete the words of the command line.
func (c *completionCmd) Run(a *app) error {
	path, err := os.Executable()
	if err != nil {
		return fmt.Errorf("completion: %w", err)
	}
	_, err = fmt.Fprintf(a.out, completions[c.Shell], path)
	return err
}
