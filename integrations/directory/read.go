package directory

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Format is a form in which a directory is kept.
type Format string

const (
	CSV      Format = "csv"      // the columns of coops.csv
	Markdown Format = "markdown" // the website's source
	HTML     Format = "html"     // the website's pages
	Coophub  Format = "coophub"  // cooperatives.yml
)

// Detect says what lies at a path: for a file by its ending, else by how it
// begins; for a folder by what is in it.
func Detect(path string) (Format, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("directory: %w", err)
	}
	var f Format
	switch {
	case info.IsDir():
		f = folderFormat(os.DirFS(path))
	case info.Mode().IsRegular():
		f, err = fileFormat(path)
	}
	if err != nil {
		return "", fmt.Errorf("directory: %w", err)
	}
	if f == "" {
		return "", fmt.Errorf("directory: %s is no CSV, no website folder, no saved page and no cooperatives.yml", path)
	}
	return f, nil
}

func fileFormat(path string) (Format, error) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv", ".tsv":
		return CSV, nil
	case ".yml", ".yaml":
		return Coophub, nil
	case ".html", ".htm":
		return HTML, nil
	case ".md", ".markdown":
		return Markdown, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	head := make([]byte, 4096)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return "", err
	}
	return sniff(head[:n]), nil
}

// sniff tells the formats apart by their beginning.
func sniff(head []byte) Format {
	head = bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")))
	first, _, _ := bytes.Cut(head, []byte("\n"))
	first = bytes.ToLower(bytes.TrimSpace(first))
	switch {
	case bytes.HasPrefix(head, []byte("<")):
		return HTML
	case bytes.Equal(first, []byte("---")):
		return Markdown
	case bytes.Contains(first, []byte("name")) && bytes.ContainsAny(first, ",;\t"), bytes.Equal(first, []byte("name")):
		return CSV
	case bytes.Contains(head, []byte("\n  login:")):
		return Coophub
	}
	return ""
}

func folderFormat(fsys fs.FS) Format {
	for _, try := range []struct {
		pattern string
		format  Format
	}{{"_coops", Markdown}, {"*.md", Markdown}, {".*.md", Markdown}, {"cooperatives.yml", Coophub}, {"coops.csv", CSV},
		{"*.html", HTML}, {"co-op", HTML}, {"*/*.html", HTML}, {"*/*/*.html", HTML}} {
		if found, _ := fs.Glob(fsys, try.pattern); len(found) > 0 {
			return try.format
		}
	}
	return ""
}

// Read reads the directory at a path, a file or a folder, in whichever format
// it is. A folder _coops is read with the folders beside it. Links that lead
// out of a folder are not followed.
func Read(path string) ([]Entry, []Problem, error) {
	format, err := Detect(path)
	if err != nil {
		return nil, nil, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, nil, fmt.Errorf("directory: %w", err)
	}
	if info.IsDir() {
		return readFolder(path, format)
	}
	return readFile(path, format)
}

func readFolder(path string, format Format) ([]Entry, []Problem, error) {
	switch format {
	case CSV:
		return readFile(filepath.Join(path, "coops.csv"), format)
	case Coophub:
		return readFile(filepath.Join(path, "cooperatives.yml"), format)
	}
	if abs, err := filepath.Abs(path); err == nil && filepath.Base(abs) == "_coops" {
		path = filepath.Dir(abs)
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, nil, fmt.Errorf("directory: %w", err)
	}
	defer root.Close()
	if format == Markdown {
		return ReadMarkdown(root.FS())
	}
	return ReadHTMLPages(root.FS())
}

func readFile(path string, format Format) ([]Entry, []Problem, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, fmt.Errorf("directory: %w", err)
	}
	defer f.Close()
	switch format {
	case CSV:
		return named(filepath.Base(path))(ReadCSV(f))
	case Coophub:
		return named(filepath.Base(path))(ReadCoophub(f))
	case HTML:
		return named(filepath.Base(path))(ReadHTML(f))
	}
	root, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return nil, nil, fmt.Errorf("directory: %w", err)
	}
	defer root.Close()
	return readMarkdown(root.FS(), filepath.Base(path))
}

// named puts the file's name into problems that have none.
func named(file string) func([]Entry, []Problem, error) ([]Entry, []Problem, error) {
	return func(e []Entry, problems []Problem, err error) ([]Entry, []Problem, error) {
		for i := range problems {
			if problems[i].File == "" {
				problems[i].File = file
			}
		}
		return e, problems, err
	}
}
