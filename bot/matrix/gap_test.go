package matrix

import (
	"testing"

	"github.com/tidwall/gjson"
	"maunium.net/go/mautrix/id"
)

// TestSinceJoin shows the bot a room whose own join is not in the timeline.
func TestSinceJoin(t *testing.T) {
	const (
		old  = `{"event_id":"$old","type":"m.room.message","sender":"@a:x","origin_server_ts":10,"content":{"body":"!echo old"}}`
		name = `{"event_id":"$name","type":"m.room.name","state_key":"","sender":"@a:x","origin_server_ts":11,"content":{"name":"Room"}}`
		join = `{"event_id":"$join","type":"m.room.member","state_key":"@bot:x","sender":"@bot:x","origin_server_ts":20,"content":{"membership":"join"}}`
		asks = `{"event_id":"$new","type":"m.room.message","sender":"@a:x","origin_server_ts":30,"content":{"body":"!echo new"}}`
	)
	for _, tt := range []struct {
		name, state, timeline string
		want                  []string
		early                 bool
	}{
		{"the join is nowhere yet", `[]`, "[" + old + "," + name + "]", []string{"$name"}, true},
		{"the join is in the state", "[" + join + "]", "[" + old + "," + asks + "]", []string{"$new"}, false},
	} {
		j := readJoined("!r:x", gjson.Parse(`{"state":{"events":`+tt.state+`},"timeline":{"events":`+tt.timeline+`}}`))
		(&session{user: id.UserID("@bot:x")}).sinceJoin(&j)
		var got []string
		for _, e := range j.timeline {
			got = append(got, e.id)
		}
		if len(got) != len(tt.want) || got[0] != tt.want[0] || j.early != tt.early {
			t.Errorf("%s: kept %v, early %v; want %v, %v", tt.name, got, j.early, tt.want, tt.early)
		}
	}
}
