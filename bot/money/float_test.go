package money_test

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// TestNoFloats searches everything that counts money for floating point: its types, its literals, and the functions of
// other packages that take or give it.
func TestNoFloats(t *testing.T) {
	files := goFiles(t, ".")
	if len(files) < 8 {
		t.Fatalf("only %d files found here", len(files))
	}
	files = append(files, goFiles(t, "../../commands/fund")...)
	stored, err := filepath.Glob("../../storage/*fund*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(files, stored...) {
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range floats(file) {
			t.Errorf("%v: floating point has no place near money", set.Position(at))
		}
	}
}

func TestFloatsAreFound(t *testing.T) {
	for _, body := range []string{"var x float64", "var x = 1.5", "var x = 1e3", "x := y.Float64()", "strconv.ParseFloat(s, 64)", "var x []float32", "var z = 2i", "var x big.Float", "fmt.Sprintf(\"%.2f\", x)"} {
		file, err := parser.ParseFile(token.NewFileSet(), "", "package p\nfunc f() {\n"+body+"\n}", 0)
		if err != nil || len(floats(file)) == 0 {
			t.Errorf("%q is not noticed (%v)", body, err)
		}
	}
}

func goFiles(t *testing.T, dir string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if path == dir && dir != "." && errors.Is(err, fs.ErrNotExist) {
			return fs.SkipAll // the fund is not there yet
		}
		if err == nil && !e.IsDir() && strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// floats returns where floating point stands in the file.
func floats(file *ast.File) (at []token.Pos) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			if name := strings.ToLower(n.Name); strings.Contains(name, "float") || strings.HasPrefix(name, "complex") {
				at = append(at, n.Pos())
			}
		case *ast.BasicLit:
			formats := n.Kind == token.STRING && (strings.Contains(n.Value, "%f") || strings.Contains(n.Value, "%.2f") || strings.Contains(n.Value, "%g"))
			if n.Kind == token.FLOAT || n.Kind == token.IMAG || formats {
				at = append(at, n.Pos())
			}
		}
		return true
	})
	return at
}
