package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

// matrix checks the homeserver, the login, and where the bot may not speak.
func (f *findings) matrix(ctx context.Context, c *Config) {
	if c.Matrix.User == "" && len(c.Forums) > 0 {
		return
	}
	if c.Matrix.User == "" {
		f.lacks("Matrix: no account; set matrix.user, and WORTLEY_MATRIX_PASSWORD or WORTLEY_MATRIX_PASSWORD_FILE")
		return
	}
	if len(c.Matrix.Invites) == 0 {
		f.lacks("Matrix: nobody may invite the bot; name people or servers under matrix.invites, as in [example.org]")
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	client, err := f.homeserver(ctx, c)
	if err != nil {
		return
	}
	leave, err := f.login(ctx, c, client)
	if err != nil {
		return
	}
	defer leave()
	f.rights(ctx, client)
}

// homeserver finds the server and sees whether it answers.
func (f *findings) homeserver(ctx context.Context, c *Config) (*mautrix.Client, error) {
	url := c.Matrix.Homeserver
	if url == "" {
		_, server, _ := strings.Cut(c.Matrix.User, ":")
		found, err := mautrix.DiscoverClientAPI(ctx, server)
		if err != nil || found == nil {
			f.lacks("Matrix: I cannot find the homeserver of %s; set matrix.homeserver", server)
			return nil, errors.New("no homeserver")
		}
		url = found.Homeserver.BaseURL
	}
	client, err := mautrix.NewClient(url, id.UserID(c.Matrix.User), c.Matrix.Token)
	if err == nil {
		client.DefaultHTTPRetries = 0
		_, err = client.Versions(ctx)
	}
	if err != nil {
		f.lacks("Matrix: the homeserver %s does not answer: %s", url, reason(err))
		return nil, err
	}
	f.fine("Matrix: the homeserver %s answers", url)
	return client, nil
}

// login sees whether the account can be used. With a password that makes a
// device, which leave removes again: the bot's own comes with its first start.
func (f *findings) login(ctx context.Context, c *Config, client *mautrix.Client) (leave func(), err error) {
	leave = func() {}
	if c.Matrix.Token == "" {
		_, err := client.Login(ctx, &mautrix.ReqLogin{Type: mautrix.AuthTypePassword, Password: c.Matrix.Password,
			Identifier:               mautrix.UserIdentifier{Type: mautrix.IdentifierTypeUser, User: c.Matrix.User},
			InitialDeviceDisplayName: "wortley doctor, gone in a moment", StoreCredentials: true})
		if err != nil {
			f.lacks("Matrix: %s cannot log in: %s; look at matrix.user and matrix.password", c.Matrix.User, reason(err))
			return leave, err
		}
		leave = func() { client.Logout(context.WithoutCancel(ctx)) } // a device that stays does no harm
	}
	who, err := client.Whoami(ctx)
	switch {
	case err != nil:
		f.lacks("Matrix: the access token is not accepted: %s", reason(err))
	case who.UserID.String() != c.Matrix.User:
		err = errors.New("another user")
		f.lacks("Matrix: the access token belongs to %s, not to %s", who.UserID, c.Matrix.User)
	case c.Matrix.Token != "" && who.DeviceID == "" && c.encrypts():
		f.lacks("Matrix: the access token belongs to no device, so nothing can be encrypted with it; use one from a login, or set matrix.encryption to off")
	default:
		f.fine("Matrix: %s can log in", c.Matrix.User)
	}
	return leave, err
}

// maxRooms is in how many rooms the doctor looks.
const maxRooms = 100

// rights names the rooms in which the bot may not speak, and what would change that.
func (f *findings) rights(ctx context.Context, client *mautrix.Client) {
	joined, err := client.JoinedRooms(ctx)
	if err != nil {
		f.lacks("Matrix: I cannot list the rooms: %s", reason(err))
		return
	}
	silent := 0
	for _, room := range joined.JoinedRooms[:min(maxRooms, len(joined.JoinedRooms))] {
		var levels event.PowerLevelsEventContent
		if err := client.StateEvent(ctx, room, event.StatePowerLevels, "", &levels); err != nil {
			continue // a room without levels lets everybody speak
		}
		has, needs := levels.GetUserLevel(client.UserID), levels.GetEventLevel(event.EventMessage)
		if has < needs {
			silent++
			f.lacks("Matrix: in %s the bot has power %d, and speaking takes %d: raise its power, or lower the level of m.room.message", room, has, needs)
		}
	}
	f.fine("Matrix: it is in %d rooms, and may speak in %s", len(joined.JoinedRooms), howMany(len(joined.JoinedRooms), silent))
}

func howMany(all, not int) string {
	switch {
	case all > maxRooms:
		return fmt.Sprintf("all but %d of the first %d I looked at", not, maxRooms)
	case not == 0:
		return "all of them"
	}
	return fmt.Sprint(all - not)
}

// reason is the short form of what the server or the network said.
func reason(err error) string {
	var refused mautrix.RespError
	if errors.As(err, &refused) && refused.Err != "" {
		return refused.Err + " (" + refused.ErrCode + ")"
	}
	var failed mautrix.HTTPError
	if errors.As(err, &failed) && failed.WrappedError != nil {
		return failed.WrappedError.Error()
	}
	return err.Error()
}
