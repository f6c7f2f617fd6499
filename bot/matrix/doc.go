// Package matrix is the bot on Matrix: rooms plain and encrypted, over mautrix.
package matrix
