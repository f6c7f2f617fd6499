package bottest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// A Player plays conversation files.
type Player struct {
	// Features makes the features of the bot over a database.
	Features func(db *storage.DB) []bot.Feature
	// Import loads a directory, for `import coops FILE`.
	Import func(ctx context.Context, db *storage.DB, path string) error
	// Set changes a setting of the configuration, for `set KEY VALUE`; the
	// features are made after it.
	Set func(o *bot.Options, key, value string) error
	Log *slog.Logger
}

// game is one conversation being played.
type game struct {
	*Player
	dir    string // of the conversation file
	path   string // of the database
	chat   *Chat
	db     *storage.DB
	bot    *bot.Bot
	opts   bot.Options
	clock  time.Time
	zone   *time.Location
	after  []func(context.Context) error // directives that need the database
	away   bool
	back   time.Time
	missed map[string][]bot.Message
	forum  map[string]topic // by place
	n      int
	shown  int      // lines of the chat that are in out
	out    []string // the file as it plays
}

// ErrDiffers is returned by [Player.Check].
var ErrDiffers = errors.New("the bot says something else")

// Play plays a conversation file and returns it with the bot's real answers
// in place of the written ones, and every line that was said.
func (p *Player) Play(ctx context.Context, file string) (string, []Line, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", nil, err
	}
	steps, err := parse(string(text))
	if err != nil {
		return "", nil, fmt.Errorf("%s: %w", file, err)
	}
	folder, err := os.MkdirTemp("", "wortley-play-")
	if err != nil {
		return "", nil, err
	}
	defer os.RemoveAll(folder)
	g := &game{Player: p, dir: filepath.Dir(file), path: filepath.Join(folder, "play.db"), zone: bot.London(),
		clock: time.Date(2026, 1, 6, 14, 0, 0, 0, time.UTC), missed: map[string][]bot.Message{}, forum: map[string]topic{}}
	g.chat = newChat(func() time.Time { return g.clock })
	g.chat.rooms["general"] = bot.Room{Site: "matrix", ID: "general"}
	defer g.close()
	if err := g.play(ctx, steps); err != nil {
		return "", nil, fmt.Errorf("%s:%w", file, err)
	}
	lines := make([]Line, 0, len(g.chat.lines))
	for _, l := range g.chat.lines {
		lines = append(lines, *l)
	}
	return strings.Join(g.out, "\n") + "\n", lines, nil
}

// Check plays a file and returns [ErrDiffers] if the bot said something else.
func (p *Player) Check(ctx context.Context, file string) error {
	got, _, err := p.Play(ctx, file)
	if err != nil {
		return err
	}
	want, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if d := Diff(string(want), got); d != "" {
		return fmt.Errorf("%s: %w:\n%s", file, ErrDiffers, d)
	}
	return nil
}

func (g *game) close() {
	if g.db != nil {
		g.db.Close()
	}
}

func (g *game) play(ctx context.Context, steps []step) error {
	for _, s := range steps {
		var err error
		switch s.kind {
		case botSays:
			continue
		case directive:
			err = g.direct(s.args)
		case clock:
			err = g.moveClock(ctx, s.text)
		case life:
			err = g.live(ctx, s.args)
		case person:
			err = g.say(ctx, s)
		}
		if err != nil {
			return fmt.Errorf("%d: %w", s.line, err)
		}
		g.out = append(g.out, s.raw...)
		g.show()
	}
	return nil
}

// direct carries out a directive: before the bot starts, or when it does.
func (g *game) direct(args []string) error {
	if g.bot != nil {
		return errors.New("directives come before the conversation")
	}
	if len(args) < 3 {
		return fmt.Errorf("%s needs more words", args[0])
	}
	switch args[0] {
	case "clock":
		return g.setClock(args[1:])
	case "room":
		return g.addRoom(args[1:])
	case "set":
		return g.set(args[1], strings.Join(args[2:], " "))
	}
	g.after = append(g.after, func(ctx context.Context) error { return g.setUp(ctx, args) })
	return nil
}

func (g *game) setClock(args []string) error {
	if len(args) > 2 {
		zone, err := time.LoadLocation(args[2])
		if err != nil {
			return err
		}
		g.zone = zone
	}
	t, err := time.ParseInLocation("2006-01-02 15:04", args[0]+" "+args[1], g.zone)
	g.clock = t.UTC()
	return err
}

func (g *game) addRoom(args []string) error {
	r := bot.Room{Site: "matrix", ID: args[0]}
	t := topic{title: args[0]}
	for i, a := range args[1:] {
		value := ""
		if i+2 < len(args) {
			value = args[i+2]
		}
		switch a {
		case "forum":
			r = bot.Room{Site: "discourse/hub", ID: "topic/" + args[0]}
		case "encrypted":
			g.chat.encrypted[args[0]] = true
		case "direct": // a personal message, with whoever talks there first
			g.chat.direct[args[0]] = nobody
		case "chat":
			r = bot.Room{Site: "chat/hub", ID: "channel/" + args[0]}
		case "on": // another forum than hub
			r.Site, _, _ = strings.Cut(r.Site, "/")
			r.Site += "/" + value
		case "group":
			g.after = append(g.after, func(ctx context.Context) error { return g.bind(ctx, args[0], value, r) })
		}
	}
	if _, direct := g.chat.direct[args[0]]; direct {
		r.ID = "direct/" + args[0] // no topic: what is said there is no news
	}
	g.chat.rooms[args[0]], g.forum[args[0]] = r, t.with(args[1:])
	return nil
}

// bind makes the group that talks in a room; a second room with the same
// name is another place of the same group.
func (g *game) bind(ctx context.Context, slug, name string, room bot.Room) error {
	group, ok, err := g.db.GroupNamed(ctx, name)
	if err != nil {
		return err
	}
	if !ok {
		group = storage.Group{Slug: slug, Name: name, Kind: "circle", Made: g.clock}
		if group.ID, err = g.db.SaveGroup(ctx, group); err != nil {
			return err
		}
	}
	return g.db.BindPlace(ctx, storage.Place{Room: room, Group: group.ID, At: g.clock})
}

func (g *game) set(key, value string) error {
	switch key {
	case "limits.per_person":
		n, err := strconv.Atoi(value)
		g.opts.PerPerson = n
		return err
	case "help_in_rooms":
		g.opts.HelpInRooms = value == "true"
		return nil
	}
	if g.Set == nil {
		return fmt.Errorf("no setting called %q", key)
	}
	return g.Set(&g.opts, key, value)
}

func (g *game) setUp(ctx context.Context, args []string) error {
	switch args[0] {
	case "import":
		if g.Import == nil {
			return errors.New("nothing to import with")
		}
		path := args[2]
		if !filepath.IsAbs(path) {
			path = filepath.Join(g.dir, path)
		}
		return g.Import(ctx, g.db, path)
	case "person":
		return g.actsFor(ctx, args[1], args[2])
	case "role":
		return g.hasRole(ctx, args[1], args[2], args[3:])
	}
	return fmt.Errorf("no directive called %q", args[0])
}

func (g *game) actsFor(ctx context.Context, name, coop string) error {
	id, err := g.db.Know(ctx, "matrix", bot.User{ID: name, Name: name})
	if err != nil {
		return err
	}
	c, err := g.db.EnsureCoop(ctx, coop)
	if err != nil {
		return err
	}
	return g.db.SetCoop(ctx, id, c)
}

// hasRole reads "role ana coordinator" and "role ana convenor of csd", where
// deputy and member of a group go too.
func (g *game) hasRole(ctx context.Context, name, role string, of []string) error {
	id, err := g.db.Know(ctx, "matrix", bot.User{ID: name, Name: name})
	if err != nil {
		return err
	}
	if len(of) == 2 && of[0] == "of" {
		group, ok, err := g.db.GroupNamed(ctx, of[1])
		if err != nil {
			return err
		}
		if !ok {
			return fmt.Errorf("no group called %q", of[1])
		}
		return g.db.SetGroupMember(ctx, group.ID, id, role, g.clock)
	}
	roles := map[string]bot.Role{"member": bot.Member, "convenor": bot.Convenor, "coordinator": bot.Coordinator}
	r, ok := roles[role]
	if !ok {
		return fmt.Errorf("no role called %q", role)
	}
	return g.db.SetRole(ctx, id, r)
}

// start opens the database and makes the bot, as a program start does.
func (g *game) start(ctx context.Context) (err error) {
	if g.db, err = storage.Open(ctx, g.path, storage.Options{}); err != nil {
		return err
	}
	o := g.opts
	o.Zone, o.Log, o.Now = g.zone, g.Log, func() time.Time { return g.clock }
	o.Secret = func(key string) string { return strings.ToUpper(bot.TxnID(key)[:8]) }
	var sites []bot.Transport
	for _, name := range []string{"matrix", "discourse", "chat", "mail", "webhook"} {
		sites = append(sites, site{name, g.chat})
	}
	g.bot = bot.New(g.db, o, sites, g.Features(g.db))
	return nil
}

func (g *game) running(ctx context.Context) error {
	if g.bot != nil {
		return nil
	}
	if err := g.start(ctx); err != nil {
		return err
	}
	for _, do := range g.after {
		if err := do(ctx); err != nil {
			return err
		}
	}
	if err := g.meet(ctx); err != nil {
		return err
	}
	return g.bot.Settle(ctx)
}

// meet lets the bot know of the rooms, as a site does that it is in already.
func (g *game) meet(ctx context.Context) error {
	rooms := map[string][]bot.RoomInfo{}
	for _, place := range slices.Sorted(maps.Keys(g.chat.rooms)) {
		r := g.chat.rooms[place]
		site, _, _ := strings.Cut(r.Site, "/")
		rooms[site] = append(rooms[site], bot.RoomInfo{Room: r, Name: place, Encrypted: g.chat.encrypted[place]})
	}
	for _, site := range slices.Sorted(maps.Keys(rooms)) {
		if err := g.bot.Take(ctx, site, bot.Batch{Rooms: rooms[site], Position: "0"}); err != nil {
			return err
		}
	}
	return nil
}

// live restarts the bot, takes it away, or brings it back; or a moderator
// changes a topic.
func (g *game) live(ctx context.Context, args []string) error {
	if err := g.running(ctx); err != nil {
		return err
	}
	switch args[0] {
	case "topic":
		return g.changeTopic(ctx, args[1:])
	case "restart":
		if err := g.db.Close(); err != nil {
			return err
		}
		if err := g.start(ctx); err != nil {
			return err
		}
		return g.bot.Settle(ctx)
	case "down":
		if len(args) != 2 {
			return errors.New("down needs a time, as in: down 3d")
		}
		d, err := span(args[1])
		g.away, g.back = true, g.clock.Add(d)
		return err
	}
	g.away = false
	if g.clock.Before(g.back) {
		g.clock = g.back
	}
	for _, name := range []string{"matrix", "discourse", "chat"} {
		if err := g.take(ctx, name, g.missed[name]...); err != nil {
			return err
		}
	}
	g.missed = map[string][]bot.Message{}
	return g.bot.Settle(ctx)
}

// moveClock moves the clock; what falls due on the way happens at its time.
func (g *game) moveClock(ctx context.Context, to string) error {
	if err := g.running(ctx); err != nil {
		return err
	}
	target, err := g.target(to)
	if err != nil {
		return err
	}
	if target.Before(g.clock) {
		return fmt.Errorf("the clock cannot go back to %s", to)
	}
	for !g.away {
		next, err := g.bot.NextMoment(ctx)
		if err != nil {
			return err
		}
		if next.IsZero() || next.After(target) || !next.After(g.clock) {
			break
		}
		g.clock = next
		if err := g.bot.Settle(ctx); err != nil {
			return err
		}
	}
	g.clock = target
	if g.away {
		return nil
	}
	return g.bot.Settle(ctx)
}

func (g *game) target(to string) (time.Time, error) {
	if rest, ok := strings.CutPrefix(to, "+"); ok {
		d, err := span(rest)
		return g.clock.Add(d), err
	}
	t, err := time.ParseInLocation("2006-01-02 15:04", to, g.zone)
	return t.UTC(), err
}

// span reads "3d", "2w", "1h30m".
func span(s string) (time.Duration, error) {
	for unit, length := range map[string]time.Duration{"d": 24 * time.Hour, "w": 7 * 24 * time.Hour} {
		if n, ok := strings.CutSuffix(s, unit); ok {
			days, err := strconv.Atoi(n)
			return time.Duration(days) * length, err
		}
	}
	return time.ParseDuration(s)
}
