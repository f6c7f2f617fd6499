package synthetic

import "time"

// view makes the response to one sync. The caller of its methods holds s.mu.
type view struct {
	s           *Server
	d           *device
	f           *filter
	since, next int
	initial     bool
	now         time.Time

	join, invite, leave []byte // the rooms, as members of a JSON object
}

func (v *view) empty() bool { return len(v.join)+len(v.invite)+len(v.leave) == 0 }

func (v *view) body() []byte {
	b := make([]byte, 0, len(v.join)+len(v.invite)+len(v.leave)+128)
	b = append(b, `{"next_batch":"`...)
	b = append(b, token(v.next)...)
	b = append(b, `","rooms":{"join":{`...)
	b = append(b, v.join...)
	b = append(b, `},"invite":{`...)
	b = append(b, v.invite...)
	b = append(b, `},"leave":{`...)
	b = append(b, v.leave...)
	return append(b, `}}}`...)
}

// room adds what is new in a room, which depends on whether the user is in it.
func (v *view) room(r *room) {
	member, pos := r.member(v.d.user)
	isNew := pos > v.since && pos <= v.next
	switch {
	case member == "join" && pos <= v.next:
		v.joined(r, isNew || v.initial)
	case member == "invite" && (isNew || v.initial):
		v.invited(r)
	case (member == "leave" || member == "ban") && isNew && !v.initial:
		v.left(r)
	}
}

// joined adds a room the user is in. If it is new to the device, it comes with
// its state and only the end of its timeline.
func (v *view) joined(r *room, fresh bool) {
	from := v.since
	if fresh {
		from = 0
	}
	events := v.f.timeline.choose(r.between(from, v.next))
	limited := false
	if limit := v.limit(fresh); limit > 0 && len(events) > limit {
		events, limited = events[len(events)-limit:], true
	}
	first := v.next + 1 // position of the oldest event in the timeline
	if len(events) > 0 {
		first = events[0].pos
	}
	state := v.state(r, events, fresh, limited, first)
	if !fresh && len(events) == 0 && len(state) == 0 {
		return
	}
	b := v.open(v.join, r)
	b = append(b, `{"state":{"events":`...)
	b = v.list(b, state)
	b = append(b, `},"timeline":{"events":`...)
	b = v.list(b, events)
	if limited {
		b = append(b, `,"limited":true`...)
	}
	b = append(b, `,"prev_batch":"`...)
	b = append(b, token(first-1)...)
	v.join = append(b, `"}}`...)
	if v.d.user == v.s.User {
		v.served(events)
	}
}

// limit returns the most events of a room to give, 0 for all.
func (v *view) limit(fresh bool) int {
	limit := v.f.timeline.limit
	if limit == 0 && fresh {
		limit = initialTimeline
	}
	if limit == 0 || v.s.timeline > 0 && v.s.timeline < limit {
		limit = v.s.timeline
	}
	return limit
}

// state returns the state events that come beside the timeline: all before it
// for a room that is new, those left out with a gap, and with lazy loading the
// members who speak in the timeline and have not been given before.
func (v *view) state(r *room, timeline []*event, fresh, limited bool, first int) []*event {
	var all []*event
	switch {
	case fresh:
		all = r.current(first)
	case limited:
		for _, e := range r.between(v.since, first-1) {
			if e.state {
				all = append(all, e)
			}
		}
	}
	all = v.f.state.choose(all)
	if !v.f.lazy {
		return all
	}
	var some []*event
	for _, e := range all {
		if e.typ != "m.room.member" || e.key == v.d.user || limited && !fresh {
			some = append(some, e)
		}
	}
	return v.speakers(some, r, timeline, first)
}

// speakers adds the members who speak in a timeline to some.
func (v *view) speakers(some []*event, r *room, timeline []*event, first int) []*event {
	for _, e := range timeline {
		m := r.state[stateKey{"m.room.member", e.sender}]
		if m == nil || m.pos >= first || e.sender == v.d.user || v.d.met[m] && !v.f.redundant {
			continue
		}
		if v.d.met == nil {
			v.d.met = map[*event]bool{}
		}
		v.d.met[m] = true
		some = append(some, m)
	}
	return some
}

func (v *view) invited(r *room) {
	b := v.open(v.invite, r)
	b = append(b, `{"invite_state":{"events":[`...)
	for i, key := range []stateKey{{"m.room.create", ""}, {"m.room.name", ""}, {"m.room.member", v.d.user}} {
		if e := r.state[key]; e != nil {
			if i > 0 && b[len(b)-1] != '[' {
				b = append(b, ',')
			}
			b = e.append(b, v.d, false)
		}
	}
	v.invite = append(b, `]}}`...)
}

func (v *view) left(r *room) {
	b := v.open(v.leave, r)
	b = append(b, `{"timeline":{"events":`...)
	b = v.list(b, []*event{r.state[stateKey{"m.room.member", v.d.user}]})
	v.leave = append(b, `}}`...)
}

func (v *view) open(b []byte, r *room) []byte {
	if len(b) > 0 {
		b = append(b, ',')
	}
	return append(appendString(b, r.id), ':')
}

func (v *view) list(b []byte, events []*event) []byte {
	b = append(b, '[')
	for i, e := range events {
		if i > 0 {
			b = append(b, ',')
		}
		b = e.append(b, v.d, false)
	}
	return append(b, ']')
}

// served remembers when the bot was first given an event.
func (v *view) served(events []*event) {
	for _, e := range events {
		if e.served.IsZero() {
			e.served = v.now
		}
	}
}
