package matrix

import (
	"context"
	"strings"
	"sync"

	"go.mau.fi/util/dbutil"
	"maunium.net/go/mautrix/id"
)

// A room is what the transport has to remember of a room.
type room struct {
	id        id.RoomID
	name      string
	person    id.UserID // if it is a direct room
	joined    bool
	encrypted bool // once true, for ever true
	asked     bool // the server was asked whether it is encrypted
	members   int  // who are in it, 0: unknown
	invited   int
	last      string // the newest event that was read
	succeeds  string // the room it takes the place of
}

// direct reports whether what is said in the room is said to the bot alone.
func (r *room) direct() bool { return r.person != "" && r.members <= 2 }

// rooms holds the rows of matrix_room in memory: a response about two
// thousand rooms would otherwise ask for each of them.
type rooms struct {
	mu   sync.Mutex
	byID map[id.RoomID]room
}

func (rs *rooms) load(ctx context.Context, db *dbutil.Database) error {
	found, err := db.Query(ctx, `
		SELECT id, name, person, joined, encrypted, asked, members, invited, last, succeeds FROM matrix_room`)
	if err != nil {
		return err
	}
	defer found.Close()
	byID := map[id.RoomID]room{}
	for found.Next() {
		var r room
		err := found.Scan(&r.id, &r.name, &r.person, &r.joined, &r.encrypted, &r.asked, &r.members, &r.invited, &r.last, &r.succeeds)
		if err != nil {
			return err
		}
		byID[r.id] = r
	}
	if err := found.Err(); err != nil {
		return err
	}
	rs.mu.Lock()
	defer rs.mu.Unlock()
	rs.byID = byID
	return nil
}

// get returns a room; one that is not known has only its ID.
func (rs *rooms) get(room id.RoomID) (r room) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	r, ok := rs.byID[room]
	if !ok {
		r.id = room
	}
	return r
}

// with returns the joined direct room with a person.
func (rs *rooms) with(person id.UserID) (room, bool) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	var found room
	ok := false
	for _, r := range rs.byID {
		if r.person == person && r.joined && r.direct() && (!ok || r.id < found.id) {
			found, ok = r, true
		}
	}
	return found, ok
}

// saveRoom stores a room if it differs from what is known. Encryption is
// never taken back.
func (t *Transport) saveRoom(ctx context.Context, r room) error {
	old := t.rooms.get(r.id)
	r.encrypted = r.encrypted || old.encrypted
	if r == old {
		return nil
	}
	if rest := r; old.joined {
		rest.last = old.last
		if rest == old {
			return t.saveLast(ctx, old, r.last)
		}
	}
	// What was cut from a response would keep all of it in memory.
	r.id, r.name, r.person = id.RoomID(strings.Clone(string(r.id))), strings.Clone(r.name), id.UserID(strings.Clone(string(r.person)))
	r.last, r.succeeds = strings.Clone(r.last), strings.Clone(r.succeeds)
	_, err := t.db.Exec(ctx, `
		INSERT INTO matrix_room (id, name, person, joined, encrypted, asked, members, invited, last, succeeds)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (id) DO UPDATE SET
			name = excluded.name, person = excluded.person, joined = excluded.joined,
			encrypted = encrypted OR excluded.encrypted, asked = excluded.asked,
			members = excluded.members, invited = excluded.invited,
			last = excluded.last, succeeds = excluded.succeeds`,
		r.id, r.name, r.person, r.joined, r.encrypted, r.asked, r.members, r.invited, r.last, r.succeeds)
	if err != nil {
		return err
	}
	t.rooms.mu.Lock()
	defer t.rooms.mu.Unlock()
	t.rooms.byID[r.id] = r
	return nil
}

// saveLast stores the newest event that was read, which is most of what
// changes in rooms.
func (t *Transport) saveLast(ctx context.Context, r room, last string) error {
	r.last = strings.Clone(last)
	if _, err := t.db.Exec(ctx, `UPDATE matrix_room SET last = $2 WHERE id = $1`, r.id, r.last); err != nil {
		return err
	}
	t.rooms.mu.Lock()
	defer t.rooms.mu.Unlock()
	t.rooms.byID[r.id] = r
	return nil
}

// names are what people call themselves, as far as was lately needed.
type names struct {
	mu     sync.Mutex
	byUser map[string]string
}

// maxNames is how many names are kept in memory.
const maxNames = 5000

func (ns *names) get(user string) (string, bool) {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	name, ok := ns.byUser[user]
	return name, ok
}

func (ns *names) set(user, name string) {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	if ns.byUser == nil || len(ns.byUser) >= maxNames {
		ns.byUser = map[string]string{}
	}
	ns.byUser[strings.Clone(user)] = strings.Clone(name)
}

// nameOf returns what somebody calls themselves, their ID if they do not.
func (t *Transport) nameOf(ctx context.Context, user string) (string, error) {
	name, ok := t.names.get(user)
	if !ok {
		err := t.db.QueryRow(ctx, `SELECT coalesce((SELECT name FROM matrix_name WHERE user = $1), '')`, user).Scan(&name)
		if err != nil {
			return "", err
		}
		t.names.set(user, name)
	}
	if name == "" {
		name = user
	}
	return name, nil
}

// learnName remembers what somebody calls themselves.
func (t *Transport) learnName(ctx context.Context, user, name string) error {
	if known, ok := t.names.get(user); ok && known == name || name == "" {
		return nil
	}
	_, err := t.db.Exec(ctx, `
		INSERT INTO matrix_name (user, name) VALUES ($1, $2)
		ON CONFLICT (user) DO UPDATE SET name = excluded.name WHERE name <> excluded.name`, user, name)
	if err == nil {
		t.names.set(user, name)
	}
	return err
}
