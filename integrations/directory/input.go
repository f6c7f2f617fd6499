package directory

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Largest inputs read, in bytes.
const (
	maxCSV  = 64 << 20
	maxYAML = 8 << 20
	maxPage = 4 << 20 // one markdown file or HTML page
)

// ErrTooLarge is wrapped by the error for an input beyond the limits.
var ErrTooLarge = errors.New("too large")

// slurp reads everything up to max bytes as UTF-8: a byte order mark goes, and
// text that is not UTF-8 is taken for Windows-1252, as old spreadsheets write.
func (r *report) slurp(in io.Reader, max int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(in, max+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > max {
		return nil, fmt.Errorf("%w: more than %d MiB", ErrTooLarge, max>>20)
	}
	data = bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))
	if bytes.HasPrefix(data, []byte("\xFF\xFE")) || bytes.HasPrefix(data, []byte("\xFE\xFF")) {
		return nil, errors.New("the text is UTF-16; save it as UTF-8")
	}
	if utf8.Valid(data) {
		return data, nil
	}
	r.add(0, "not UTF-8; read as Windows-1252")
	return charmap.Windows1252.NewDecoder().Bytes(data)
}
