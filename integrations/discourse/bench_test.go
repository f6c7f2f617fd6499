package discourse

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// page50 is a page of a feed, some 150 KB as a real one.
func page50(tb testing.TB) []byte {
	var page struct {
		Posts []map[string]any `json:"latest_posts"`
	}
	if err := json.Unmarshal([]byte(recorded(tb, "posts.json")), &page); err != nil {
		tb.Fatal(err)
	}
	var items []string
	for i := range 50 {
		p := page.Posts[i%len(page.Posts)]
		p["id"] = 1000 - i
		p["raw"] = strings.Repeat("Say when you would come. ", 25)
		p["cooked"] = "<p>" + strings.Repeat("Say when you <em>would</em> come. ", 25) + "</p>"
		b, err := json.Marshal(p)
		if err != nil {
			tb.Fatal(err)
		}
		items = append(items, string(b))
	}
	return fmt.Appendf(nil, `{"latest_posts":[%s]}`, strings.Join(items, ","))
}

func BenchmarkDecode50(b *testing.B) {
	body := page50(b)
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		var page postPage
		if err := decode(body, &page); err != nil || len(*page.Latest) != 50 {
			b.Fatal(err)
		}
	}
}
