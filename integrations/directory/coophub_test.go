package directory

import (
	"strings"
	"testing"
)

func TestReadCoophub(t *testing.T) {
	entries, problems, err := ReadCoophub(open(t, "testdata/cooperatives.yml"))
	compare(t, show(t, entries, problems, err), `
The Weavers,https://weavers.example,Sheffield,mentioned,,,,,,the-weavers,cooperatives.yml github weavers-coop
Elsewhere,https://elsewhere.example,"London, Ontario, Canada",mentioned,,,,,,elsewhere,cooperatives.yml gitlab elsewhere
North,https://north.example,North East,mentioned,,,,,,north,cooperatives.yml github north
Many,https://many.example,Newcastle upon Tyne,mentioned,,,,,,many,cooperatives.yml github
nameless,https://nameless.example,"UK, Cyberspace",mentioned,,,,,,nameless,cooperatives.yml github nameless
line 31: members is not kept
line 25: several places; Newcastle Upon Tyne, UK is kept
line 33: The Weavers: no website
line 33: The Weavers: the same slug (the-weavers) as The Weavers; read once
line 39: no name; called nameless after its key
line 45: notacoop is not a co-op with keys; not read`)
	if want := "Weaving since 2011. or"; entries[0].About != want {
		t.Errorf("About = %q, want %q", entries[0].About, want)
	}
}

func TestReadCoophubRefuses(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", "no co-ops in it"}, {"- a\n- b\n", "no co-ops in it"}, {"just words", "no co-ops in it"},
		{"a: [", "yaml: line 1: "}, {strings.Repeat("#", maxYAML+1), "too large"},
	} {
		_, _, err := ReadCoophub(strings.NewReader(tt.in))
		if err == nil || !strings.HasPrefix(err.Error(), "directory: read cooperatives.yml: ") || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("ReadCoophub(%.20q) = %v, want %s", tt.in, err, tt.want)
		}
	}
}
