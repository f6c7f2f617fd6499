package whohas

import (
	"sync"
	"time"

	"git.coop/cotech/wortley/bot"
)

// A page is everything that an answer depends on but the directory: the
// question, and the day, by which the order goes and capacity runs out.
type page struct {
	asked      string
	utc, local int // days of the year, and the year
}

func pageOf(asked string, c *bot.Call) page {
	day := func(t time.Time) int { return t.Year()*1000 + t.YearDay() }
	return page{asked, day(c.Time.UTC()), day(c.Time.In(c.Zone))}
}

// answers are those that were given, of one edition of the directory.
type answers struct {
	mu      sync.Mutex
	edition int64
	texts   map[page]string
	size    int // bytes of the texts
}

// keptAnswers is how many bytes of answers are kept.
const keptAnswers = 4 << 20

func (a *answers) get(p page, edition int64) (text string, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.edition != edition {
		return "", false
	}
	text, ok = a.texts[p]
	return text, ok
}

// put keeps an answer. edition is the one that was read before it was made.
func (a *answers) put(p page, edition int64, text string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.edition != edition || a.texts == nil || a.size > keptAnswers {
		a.edition, a.texts, a.size = edition, map[page]string{}, 0
	}
	a.texts[p] = text
	a.size += len(p.asked) + len(text)
}
