package discoursetest

import (
	"fmt"
	"testing"
)

// BenchmarkPage measures a page of 50 posts of a forum with 10,000.
func BenchmarkPage(b *testing.B) {
	for _, m := range Modes {
		b.Run(m.String(), func(b *testing.B) {
			f, err := Open(Options{Mode: m})
			if err != nil {
				b.Fatal(err)
			}
			defer f.Stop()
			f.AddUser("ana", User{})
			for i := range 1000 {
				topic := f.NewTopic("ana", 1, fmt.Sprintf("Topic %d", i), "To begin with.")
				for range 9 {
					f.Say("admin", topic.ID, "And so on, and so forth.")
				}
			}
			s := &stage{Forum: f}
			c := &call{Forum: f, in: params{"before": "5000"}, user: s.user("ana")}
			b.ResetTimer()
			for range b.N {
				c.listPosts()
			}
		})
	}
}
