package whohas

import (
	"context"
	"fmt"
	"sort"
	"strings"

	"git.coop/cotech/wortley/bot"
)

// coopsNear lists the co-ops in a place or with capacity, whatever they do.
func (d *desk) coopsNear(ctx context.Context, q query, c *bot.Call) (string, error) {
	found := map[int64]*hit{}
	if err := d.everybody(ctx, found, q.former); err != nil {
		return "", err
	}
	var hits []hit
	for _, h := range found {
		hits = append(hits, *h)
	}
	sort.Slice(hits, func(i, j int) bool { return hits[i].ID < hits[j].ID })
	hits, err := d.narrow(ctx, q, hits, c)
	if err != nil {
		return "", err
	}
	var further []hit
	if q.place != nil {
		hits, further = split2(hits, func(h hit) bool { return h.far >= 0 && h.far <= nearby })
	}
	rotate(hits, q, c.Time)
	head := fmt.Sprintf("**Co-ops%s**: ", where(q))
	if len(hits) == 0 {
		if len(further) > 0 {
			return head + fmt.Sprintf("nobody within %d km. ", nearby) + strings.TrimSpace(furtherAway(further)), nil
		}
		return head + "nobody that I know of. `!coops` lists everybody.", nil
	}
	first := min(q.page*screen, (len(hits)-1)/screen*screen)
	var t strings.Builder
	fmt.Fprintf(&t, "%s%d\n", head, len(hits))
	for _, h := range hits[first:min(first+screen, len(hits))] {
		t.WriteString(line(h, q, false, nil))
	}
	if rest := len(hits) - first - screen; rest > 0 {
		fmt.Fprintf(&t, "%d more: add `more`. ", rest)
	}
	if len(further) > 0 {
		t.WriteString(furtherAway(further))
	}
	return strings.TrimSpace(t.String()), nil
}
