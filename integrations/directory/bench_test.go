package directory

import (
	"bytes"
	"fmt"
	"testing"
)

// tenThousand is the sample's shape, 10,000 rows long.
func tenThousand(b *testing.B) []byte {
	b.Helper()
	sample, _, err := ReadCSV(bytes.NewReader(SampleCSV))
	if err != nil {
		b.Fatal(err)
	}
	var rows []Entry
	for i := range 10_000 {
		e := sample[i%len(sample)]
		e.Name = fmt.Sprintf("%s %d", e.Name, i)
		e.Slug = Slug(e.Name)
		e.Website = ""
		rows = append(rows, e)
	}
	var out bytes.Buffer
	if err := WriteCSV(&out, rows); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}

func BenchmarkReadCSV10000(b *testing.B) {
	data := tenThousand(b)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		entries, _, err := ReadCSV(bytes.NewReader(data))
		if err != nil || len(entries) != 10_000 {
			b.Fatal(len(entries), err)
		}
	}
}

func BenchmarkLookup(b *testing.B) {
	w := Vocabulary()
	b.ReportAllocs()
	for b.Loop() {
		if w.Canonical("Search Engine Optimisation") != "SEO" {
			b.Fatal("lost")
		}
	}
}

func BenchmarkDistanceToAllTowns(b *testing.B) {
	from, _ := Town("Glasgow")
	for b.Loop() {
		for _, t := range gaz().towns {
			Distance(from, t)
		}
	}
}
