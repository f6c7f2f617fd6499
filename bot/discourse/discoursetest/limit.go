package discoursetest

import (
	"net"
	"net/http"
	"slices"
	"time"
)

// over counts one more of something and says how long to wait if there were
// too many. Refused ones count too if aggressive. A limit of 0 is none.
func (f *Forum) over(name string, limit int, per time.Duration, aggressive bool) (time.Duration, bool) {
	if limit <= 0 {
		return 0, false
	}
	wait, refused := f.full(name, limit, per)
	if !refused || aggressive {
		f.s.Hits[name] = append(f.s.Hits[name], f.now())
	}
	return wait, refused
}

// full forgets what is long ago and says whether there is room for one more
// of something, or how long to wait for it.
func (f *Forum) full(name string, limit int, per time.Duration) (time.Duration, bool) {
	now := f.now()
	recent := slices.DeleteFunc(f.s.Hits[name], func(t time.Time) bool { return now.Sub(t) >= per })
	f.s.Hits[name] = recent
	if limit <= 0 || len(recent) < limit {
		return 0, false
	}
	return per - now.Sub(recent[len(recent)-limit]), true
}

// limitAddress is the limit in front of everything, for all of one address.
func (f *Forum) limitAddress(r *http.Request) *answer {
	ip, _, _ := net.SplitHostPort(r.RemoteAddr)
	if wait, refused := f.over("ip10/"+ip, f.o.Limits.IPPer10s, 10*time.Second, true); refused {
		a := plainTooMany(wait, "ip_10_secs_limit")
		return &a
	}
	if wait, refused := f.over("ip60/"+ip, f.o.Limits.IPPerMinute, time.Minute, true); refused {
		a := plainTooMany(wait, "ip_60_secs_limit")
		return &a
	}
	return nil
}

// limitKey is the limit of API keys: one for the whole site, or one a user
// API key.
func (f *Forum) limitKey(k *Key) *answer {
	l := f.o.Limits
	if k == nil {
		return nil
	}
	if !k.UserKey {
		if wait, refused := f.over("admin_api", l.AdminPerMinute, time.Minute, false); refused {
			a := tooMany(wait, "admin_api_key_rate_limit")
			return &a
		}
		return nil
	}
	if wait, refused := f.over("user_api_day/"+k.Secret, l.UserKeyPerDay, 24*time.Hour, false); refused {
		a := tooMany(wait, "user_api_key_limiter_1_day")
		return &a
	}
	if wait, refused := f.over("user_api_min/"+k.Secret, l.UserKeyPerMinute, time.Minute, false); refused {
		a := tooMany(wait, "user_api_key_limiter_60_secs")
		return &a
	}
	return nil
}

const day = 24 * time.Hour

// A rate is one limit of what an account may do.
type rate struct {
	name  string
	limit int
	per   time.Duration
}

// limitUser refuses an account that does something too often; what is
// refused counts towards none of the limits. Staff may do anything.
func (f *Forum) limitUser(u *User, rates ...rate) *answer {
	if u.staff() {
		return nil
	}
	for _, r := range rates {
		if wait, refused := f.full(r.name+"/"+u.Username, r.limit, r.per); refused {
			a := tooMany(wait, "")
			return &a
		}
	}
	for _, r := range rates {
		f.over(r.name+"/"+u.Username, r.limit, r.per, false)
	}
	return nil
}

// limitPosting holds for new posts, topics and messages.
func (f *Forum) limitPosting(u *User, d draft) *answer {
	l := f.o.Limits
	pace := func(name string, every, whenNew time.Duration) rate {
		if u.TrustLevel == 0 {
			every = whenNew
		}
		if every == 0 {
			return rate{}
		}
		return rate{name, 1, every}
	}
	fresh := f.now().Sub(u.CreatedAt) < day
	rates := []rate{pace("post", l.PostEvery, l.NewPostEvery)}
	switch {
	case d.TopicID != 0 && fresh:
		rates = append(rates, rate{"first-day-replies", l.FirstDayReplies, day})
	case d.TopicID != 0:
	case d.PM:
		rates = append(rates, rate{"pms", l.MessagesPerDay, day}, pace("topic", l.TopicEvery, l.NewTopicEvery))
	default:
		rates = append(rates, rate{"topics", l.TopicsPerDay, day}, pace("topic", l.TopicEvery, l.NewTopicEvery))
		if fresh {
			rates = append(rates, rate{"first-day-topics", l.FirstDayTopics, day})
		}
	}
	return f.limitUser(u, rates...)
}

// editsPerDay grows with trust.
func (f *Forum) editsPerDay(u *User) int {
	n := f.o.Limits.EditsPerDay
	switch u.TrustLevel {
	case 2:
		return n * 3 / 2
	case 3:
		return n * 2
	case 4:
		return n * 3
	}
	return n
}
