package measure

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
)

const skillsOfCoop = 10

// Directory is a made-up directory of co-ops, ten skills each. It is the same
// for the same number of rows.
type Directory struct {
	File   string         // CSV, in the columns of the network's directory
	Rows   int            // co-ops times skills
	Skills []string       // by how common they are, the most common first
	Owners map[string]int // co-ops that list a skill
}

// MakeDirectory writes a directory of so many rows (at least 300 are made) to a file.
func MakeDirectory(file string, rows int) (*Directory, error) {
	d := &Directory{File: file, Rows: max(rows, 300), Owners: map[string]int{}}
	for i := range min(3000, max(30, d.Rows/30)) {
		d.Skills = append(d.Skills, word(i))
	}
	f, err := os.Create(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	buffer := bufio.NewWriter(f)
	out := csv.NewWriter(buffer)
	out.Write([]string{"name", "website", "location", "status", "delisted_on", "members",
		"services", "technologies", "skills_as_of", "slug", "source"})
	random := rand.New(rand.NewPCG(1, 2))
	// The common skills have a hundred times as many owners as the rare ones.
	common := rand.NewZipf(random, 1.2, 20, uint64(len(d.Skills)-1))
	for i := range d.Rows / skillsOfCoop {
		skills := d.draw(common)
		slug := fmt.Sprintf("coop-%06d", i)
		out.Write([]string{fmt.Sprintf("Co-op %06d %s", i, word(i*7)), "https://" + slug + ".example", "Leeds", "listed", "", fmt.Sprint(2 + i%20),
			strings.Join(skills[:5], "; "), strings.Join(skills[5:], "; "), "2025-07-01", slug, "made up"})
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return nil, err
	}
	return d, buffer.Flush()
}

// draw returns different skills for one co-op and counts them.
func (d *Directory) draw(common *rand.Zipf) []string {
	seen := map[string]bool{}
	var skills []string
	for len(skills) < skillsOfCoop {
		skill := d.Skills[common.Uint64()]
		if seen[skill] {
			continue
		}
		seen[skill] = true
		d.Owners[skill]++
		skills = append(skills, skill)
	}
	return skills
}

// word returns the nth made-up word, three syllables, all different up to 200,000.
func word(n int) string {
	const consonants, vowels = "bdfgklmnprstvz", "aeiou"
	const syllables = len(consonants) * len(vowels)
	n = n * 7919 % (syllables * syllables * syllables) // neighbours should not look alike
	var b strings.Builder
	for range 3 {
		s := n % syllables
		b.WriteByte(consonants[s/len(vowels)])
		b.WriteByte(vowels[s%len(vowels)])
		n /= syllables
	}
	return strings.ToUpper(b.String()[:1]) + b.String()[1:]
}
