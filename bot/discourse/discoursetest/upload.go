package discoursetest

import (
	"bytes"
	"crypto/sha1"
	"fmt"
	"image"
	_ "image/gif"  // their sizes are read
	_ "image/jpeg" // as above
	_ "image/png"  // as above
	"io"
	"math/big"
	"path"
	"strings"
)

// createUpload is POST /uploads.json, multipart with type and file. The same
// bytes are the same upload.
func (c *call) createUpload() answer {
	if c.in.str("upload_type") == "" && c.in.str("type") == "" {
		return badParameter("type")
	}
	if c.file == nil {
		return badParameter("file")
	}
	r, err := c.file.Open()
	if err != nil {
		return badParameter("file")
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		return badParameter("file")
	}
	if most := c.s.Settings.MaxImageSizeKB; len(b) > most*1024 {
		return invalid("", fmt.Sprintf("Sorry, the file you are trying to upload is too big (maximum size is %d KB).", most))
	}
	sum := fmt.Sprintf("%x", sha1.Sum(b))
	for _, u := range c.s.Uploads {
		if u.SHA1 == sum {
			return ok(c.showUpload(u))
		}
	}
	u := &Upload{ID: c.s.next("upload"), SHA1: sum, Name: c.file.Filename, Size: len(b), Extension: strings.TrimPrefix(path.Ext(c.file.Filename), ".")}
	if conf, _, err := image.DecodeConfig(bytes.NewReader(b)); err == nil {
		u.Width, u.Height = conf.Width, conf.Height
	}
	c.s.Uploads[u.ID] = u
	return ok(c.showUpload(u))
}

func (c *call) showUpload(u *Upload) obj {
	n, _ := new(big.Int).SetString(u.SHA1, 16)
	short := n.Text(62) + "." + u.Extension
	o := obj{
		"id": u.ID, "url": fmt.Sprintf("%s/uploads/default/original/1X/%s.%s", c.o.Base, u.SHA1, u.Extension), "original_filename": u.Name,
		"filesize": u.Size, "width": u.Width, "height": u.Height, "thumbnail_width": min(u.Width, 690), "thumbnail_height": min(u.Height, 500),
		"extension": u.Extension, "short_url": "upload://" + short, "short_path": c.o.Base + "/uploads/short-url/" + short, "retain_hours": nil,
		"human_filesize": fmt.Sprintf("%d Bytes", u.Size), "dominant_color": nil,
	}
	return o
}
