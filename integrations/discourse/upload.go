package discourse

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
)

// A File is to be uploaded.
type File struct {
	Name string
	MIME string
	Data []byte
}

// form returns the body of an upload.
func (f *File) form() (io.Reader, string, error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, field := range [][2]string{{"type", "composer"}, {"synchronous", "true"}} {
		if err := w.WriteField(field[0], field[1]); err != nil {
			return nil, "", err
		}
	}
	h := textproto.MIMEHeader{}
	h.Set("Content-Disposition", multipart.FileContentDisposition("file", f.Name))
	h.Set("Content-Type", f.MIME)
	part, err := w.CreatePart(h)
	if err != nil {
		return nil, "", err
	}
	if _, err := part.Write(f.Data); err != nil {
		return nil, "", err
	}
	return &b, w.FormDataContentType(), w.Close()
}

// An Upload is a file on the forum.
type Upload struct {
	ID       int64  `json:"id"`
	URL      string `json:"url"`
	ShortURL string `json:"short_url"` // "upload://….png", for texts
	Name     string `json:"original_filename"`
	Size     int64  `json:"filesize"` // bytes
	Width    int    `json:"width"`    // 0: not an image
	Height   int    `json:"height"`
}

func (u *Upload) ok() bool { return u.ID > 0 && u.ShortURL != "" }

// Markdown returns what puts the upload into a post; alt is for people who do
// not see the image.
func (u Upload) Markdown(alt string) string {
	if u.Width > 0 {
		return fmt.Sprintf("![%s|%dx%d](%s)", label(alt), u.Width, u.Height, u.ShortURL)
	}
	return fmt.Sprintf("[%s|attachment](%s)", label(u.Name), u.ShortURL)
}

// label makes a text safe between brackets, where | divides it from a size.
func label(s string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("[", "(", "]", ")", "|", "/", "\\", "/").Replace(s)), " ")
}

// Upload puts a file on the forum. The same content gives the same upload, so
// it may be done again. What no post uses is removed after two days.
func (c *Client) Upload(ctx context.Context, f File) (Upload, error) {
	if f.MIME == "" {
		f.MIME = http.DetectContentType(f.Data)
	}
	var u Upload
	err := c.do(ctx, &request{op: "upload " + f.Name, method: http.MethodPost, path: "uploads.json", file: &f, into: &u})
	return u, err
}
