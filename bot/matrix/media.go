package matrix

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	_ "image/gif" // so that their sizes can be told
	_ "image/jpeg"
	_ "image/png"
	"strings"

	"git.coop/cotech/wortley/bot"
	"github.com/tidwall/gjson"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/crypto/attachment"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

// attach uploads a post's file, encrypted if the room is, and returns the
// content that shows it. The text of the post is its caption; without one,
// its description is what programs show to people who cannot see it.
func (s *session) attach(ctx context.Context, p bot.Post, encrypted bool) (object, error) {
	f := p.File
	if f == nil {
		return nil, fmt.Errorf("%w: there is no file in it", bot.ErrNever)
	}
	c := s.text(ctx, p)
	info := object{"mimetype": f.MIME, "size": len(f.Data)}
	c["msgtype"], c["filename"], c["info"] = "m.file", f.Name, info
	if p.Kind == bot.Image {
		c["msgtype"] = "m.image"
		if size, _, err := image.DecodeConfig(bytes.NewReader(f.Data)); err == nil {
			info["w"], info["h"] = size.Width, size.Height
		}
	}
	if p.Text == "" {
		c["body"] = f.Alt
		if f.Alt == "" {
			c["body"] = f.Name
		}
	}
	if err := s.upload(ctx, c, f, encrypted); err != nil {
		return nil, err
	}
	relate(c, p)
	return c, nil
}

func (s *session) upload(ctx context.Context, c object, f *bot.File, encrypted bool) error {
	req := mautrix.ReqUploadMedia{ContentBytes: f.Data, ContentType: f.MIME, FileName: f.Name}
	var key *attachment.EncryptedFile
	if encrypted {
		key = attachment.NewEncryptedFile()
		sealed := bytes.Clone(f.Data)
		key.EncryptInPlace(sealed)
		req.ContentBytes, req.ContentType, req.FileName = sealed, "application/octet-stream", ""
	}
	up, err := s.client.UploadMedia(ctx, req)
	if err != nil {
		return fmt.Errorf("upload %s: %w", f.Name, refused(err))
	}
	if encrypted {
		c["file"] = &event.EncryptedFileInfo{EncryptedFile: *key, URL: up.ContentURI.CUString()}
	} else {
		c["url"] = up.ContentURI.CUString()
	}
	return nil
}

// ErrNoFile is returned by [Transport.File] for messages without one.
var ErrNoFile = errors.New("no file in that message")

// File fetches the file in a message, decrypted. It is at most limit bytes
// long; a longer one is an error.
func (t *Transport) File(ctx context.Context, in bot.Room, message string, limit int64) (*bot.File, error) {
	s, err := t.session(ctx)
	if err != nil {
		return nil, err
	}
	f, err := s.file(ctx, id.RoomID(in.ID), message, limit)
	if err != nil {
		return nil, fmt.Errorf("matrix: fetch the file in %s: %w", message, err)
	}
	return f, nil
}

func (s *session) file(ctx context.Context, in id.RoomID, message string, limit int64) (*bot.File, error) {
	body, err := s.call(ctx, "GET", roomPath(in)+"/event/"+message, nil)
	if err != nil {
		return nil, err
	}
	e := readEvent(gjson.Parse(body))
	if e.kind == typeSealed && s.keys != nil {
		r := s.t.rooms.get(in)
		opened, err := (&reading{s: s}).openOwn(ctx, &r, &e)
		if err != nil || opened == nil {
			return nil, fmt.Errorf("decrypt the message: %w", err)
		}
		e = *opened
	}
	content := e.content
	f := &bot.File{Name: content.Get("filename").Str, MIME: content.Get("info.mimetype").Str}
	if f.Name == "" {
		f.Name = content.Get("body").Str
	} else if caption := content.Get("body").Str; caption != f.Name {
		f.Alt = caption
	}
	where, key := content.Get("url").Str, (*event.EncryptedFileInfo)(nil)
	if sealed := content.Get("file"); sealed.Exists() {
		key = &event.EncryptedFileInfo{}
		if err := unmarshal(sealed.Raw, key); err != nil {
			return nil, err
		}
		where = string(key.URL)
	}
	if where == "" {
		return nil, ErrNoFile
	}
	if f.Data, err = s.download(ctx, where, limit); err != nil {
		return nil, err
	}
	if key != nil {
		err = key.DecryptInPlace(f.Data)
	}
	return f, err
}

// download fetches at most limit bytes.
func (s *session) download(ctx context.Context, where string, limit int64) ([]byte, error) {
	uri, err := id.ParseContentURI(where)
	if err != nil {
		return nil, err
	}
	path := "/_matrix/client/v1/media/download/" + uri.Homeserver + "/" + uri.FileID
	text, err := s.fetch(ctx, path, limit)
	if e := (*callError)(nil); errors.As(err, &e) && (e.status == 404 || e.code == "M_UNRECOGNIZED") {
		text, err = s.fetch(ctx, strings.Replace(path, "client/v1/media", "media/v3", 1), limit) // servers before 1.11
	}
	return []byte(text), err
}
