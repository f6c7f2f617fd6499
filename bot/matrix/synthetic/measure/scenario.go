package measure

import "time"

// Feed is how commands are said.
type Feed int

// The ways of saying commands.
const (
	OneByOne Feed = iota // each when the one before is answered
	AtOnce               // all in the same moment
	Paced                // so many a second
)

// Scenario is what happens to a bot during a measurement. The first part says
// what it is asked, the second what goes wrong meanwhile; the second parts of
// two scenarios can be joined with [Scenario.With].
type Scenario struct {
	Name, Short string

	Rooms, Members int
	Warm           int // commands one by one beforehand, not counted
	Commands       int
	Feed           Feed
	Rate           float64       // commands a second, when paced
	Chatter        int           // other messages, mixed with the commands
	MaxEvents      int           // most events in the response to a sync; 0: no bound
	Change         bool          // half way the directory gets one co-op more, by the first of the bot's commands
	Restart        bool          // the bot is stopped and started once beforehand, to time it
	Idle           time.Duration // instead of commands: nothing happens for so long
	Broadcast      bool          // instead of commands: one message to all rooms
	AskEvery       time.Duration // commands during the broadcast

	Trouble
}

// Trouble is what goes wrong.
type Trouble struct {
	SendDelay              time.Duration
	SendFaults, SyncFaults float64 // shares, 0 to 1
	OutageEvery, Outages   int     // the server goes away after every so many answers, so often
	Away                   time.Duration
	Rewind                 int // events that come again after an outage
	EndEvery, Ends         int // the bot is ended after every so many answers, so often, and started again
	Gently                 bool
	TimelineLimit          int     // events of a room in a sync
	LimitRate              float64 // sends a second, after LimitBurst at once; 0: no limit
	LimitBurst             int
}

// With returns the scenario with another's troubles as well. Outages and ends
// come sooner than there if the scenario has fewer commands, so that all happen.
func (s Scenario) With(other Scenario) Scenario {
	t, o := &s.Trouble, other.Trouble
	s.Name += "+" + other.Name
	t.SendDelay = max(t.SendDelay, o.SendDelay)
	t.SendFaults, t.SyncFaults = max(t.SendFaults, o.SendFaults), max(t.SyncFaults, o.SyncFaults)
	if o.Outages > 0 {
		t.OutageEvery, t.Outages, t.Away, t.Rewind = s.sooner(o.OutageEvery, o.Outages), o.Outages, o.Away, o.Rewind
	}
	if o.Ends > 0 {
		t.EndEvery, t.Ends, t.Gently = s.sooner(o.EndEvery, o.Ends), o.Ends, o.Gently
	}
	if o.TimelineLimit > 0 {
		t.TimelineLimit = o.TimelineLimit
	}
	if o.LimitRate > 0 {
		t.LimitRate, t.LimitBurst = o.LimitRate, o.LimitBurst
	}
	return s
}

// sooner returns after how many answers something has to happen, so often in all.
func (s Scenario) sooner(every, often int) int {
	if s.Commands == 0 {
		return every
	}
	return min(every, s.Commands/(often+1))
}

// Troubles are the names of the eight scenarios in which answers are easily
// lost or doubled.
var Troubles = []string{"faults", "send-faults", "server-restart", "server-rewind", "bot-kill", "bot-term", "limited", "answers-limit"}

// Scenarios are all there are.
var Scenarios = []Scenario{
	{Name: "latency", Short: "one command at a time", Rooms: 50, Members: 10, Warm: 300, Commands: 1000, Restart: true},
	{Name: "backlog", Short: "20,000 commands at once", Rooms: 50, Members: 10, Commands: 20000, Feed: AtOnce, MaxEvents: 1000},
	{Name: "backlog-20ms", Short: "1,000 commands at once, a send takes 20 ms", Rooms: 50, Members: 10, Commands: 1000, Feed: AtOnce, MaxEvents: 1000,
		Trouble: Trouble{SendDelay: 20 * time.Millisecond}},
	{Name: "chatter", Short: "1,000 commands among 40,000 other messages", Rooms: 50, Members: 10, Commands: 1000, Chatter: 40000, Feed: AtOnce, MaxEvents: 1000},
	{Name: "rate", Short: "200 commands a second, and the directory changes meanwhile", Rooms: 50, Members: 10, Warm: 300, Commands: 2000, Feed: Paced, Rate: 200, Change: true},
	{Name: "many-rooms", Short: "2,000 rooms of 50 members", Rooms: 2000, Members: 50, Commands: 50},
	{Name: "idle", Short: "nothing happens", Rooms: 50, Members: 10, Idle: 20 * time.Second},

	{Name: "faults", Short: "5 % of sends and syncs fail", Rooms: 50, Members: 10, Commands: 1000, Feed: Paced, Rate: 200,
		Trouble: Trouble{SendFaults: 0.05, SyncFaults: 0.05}},
	{Name: "send-faults", Short: "10 % of sends fail", Rooms: 50, Members: 10, Commands: 1000, Feed: Paced, Rate: 200,
		Trouble: Trouble{SendFaults: 0.10}},
	{Name: "server-restart", Short: "the server is away for 2 s, twice", Rooms: 50, Members: 10, Commands: 2000, Feed: Paced, Rate: 200,
		Trouble: Trouble{OutageEvery: 500, Outages: 2, Away: 2 * time.Second}},
	{Name: "server-rewind", Short: "the same, then the last 200 events come again", Rooms: 50, Members: 10, Commands: 2000, Feed: Paced, Rate: 200,
		Trouble: Trouble{OutageEvery: 500, Outages: 2, Away: 2 * time.Second, Rewind: 200}},
	{Name: "bot-kill", Short: "the bot is killed three times in a backlog", Rooms: 50, Members: 10, Commands: 5000, Feed: AtOnce, MaxEvents: 1000,
		Trouble: Trouble{EndEvery: 1200, Ends: 3}},
	{Name: "bot-term", Short: "the bot is ended by SIGTERM three times in a backlog", Rooms: 50, Members: 10, Commands: 5000, Feed: AtOnce, MaxEvents: 1000,
		Trouble: Trouble{EndEvery: 1200, Ends: 3, Gently: true}},
	{Name: "limited", Short: "100 commands a room, of which a sync has 20", Rooms: 20, Members: 10, Commands: 2000, Feed: AtOnce,
		Trouble: Trouble{TimelineLimit: 20}},
	{Name: "answers-limit", Short: "20 answers a second are allowed, after 20 at once", Rooms: 50, Members: 10, Commands: 300, Feed: AtOnce,
		Trouble: Trouble{LimitRate: 20, LimitBurst: 20}},

	{Name: "broadcast", Short: "one message to 500 rooms, 10 a second allowed", Rooms: 500, Members: 2, Broadcast: true,
		Trouble: Trouble{LimitRate: 10, LimitBurst: 20}},
	{Name: "broadcast-trouble", Short: "the same, 5 % of sends and syncs fail and the bot is killed three times", Rooms: 500, Members: 2, Broadcast: true,
		Trouble: Trouble{LimitRate: 10, LimitBurst: 20, SendFaults: 0.05, SyncFaults: 0.05, EndEvery: 120, Ends: 3}},
	{Name: "ask-during-broadcast", Short: "300 rooms, and a command every 2 s", Rooms: 300, Members: 2, Broadcast: true, AskEvery: 2 * time.Second,
		Trouble: Trouble{LimitRate: 10, LimitBurst: 20}},
}

// Find returns the scenario with a name.
func Find(name string) (Scenario, bool) {
	for _, s := range Scenarios {
		if s.Name == name {
			return s, true
		}
	}
	return Scenario{}, false
}
