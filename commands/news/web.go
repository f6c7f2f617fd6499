package news

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// web are the pages: the archive, one page a newsletter, the feeds, and what
// subscribing by mail needs. None has a script, a cookie or a tracker.
func (d *desk) web() []bot.Page {
	page := func(pattern string, h func(http.ResponseWriter, *http.Request) error) bot.Page {
		return bot.Page{Pattern: pattern, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if err := h(w, r); err != nil {
				http.Error(w, "Sorry, that went wrong on this side.", http.StatusInternalServerError)
			}
		})}
	}
	return []bot.Page{
		page("GET /newsletter", d.archivePage), page("GET /newsletter/{month}", d.issuePage),
		page("GET /newsletter/feed.atom", d.atomFeed), page("GET /newsletter/feed.json", d.jsonFeed),
		page("POST /newsletter/subscribe", d.subscribePage),
		page("GET /newsletter/confirm/{token}", d.askConfirm), page("POST /newsletter/confirm/{token}", d.confirmPage),
		page("GET /newsletter/leave/{token}", d.askLeave), page("POST /newsletter/leave/{token}", d.leavePage),
	}
}

// shownArchive is the list of newsletters as its template sees it.
type shownArchive struct {
	Title  string
	Mail   bool
	Issues []shownIssue
}

type shownIssue struct{ Month, Title string }

func (d *desk) archivePage(w http.ResponseWriter, r *http.Request) error {
	issues, err := d.db.SentIssues(r.Context(), 500)
	if err != nil {
		return err
	}
	list := shownArchive{Title: d.Title, Mail: d.Mail}
	for _, i := range issues {
		list.Issues = append(list.Issues, shownIssue{i.Month, d.titleOf(i)})
	}
	return send(w, r, "archive.html", list)
}

func (d *desk) issuePage(w http.ResponseWriter, r *http.Request) error {
	p, ok, err := d.published(r.Context(), r.PathValue("month"))
	if err != nil {
		return err
	}
	if !ok {
		return note(w, http.StatusNotFound, shownNote{Title: "No such newsletter", Text: "There is no newsletter of that month, or it was taken back."})
	}
	return send(w, r, "issue.html", p.shown())
}

// published returns a newsletter that was sent.
func (d *desk) published(ctx context.Context, month string) (paper, bool, error) {
	issue, ok, err := d.db.IssueOf(ctx, month)
	if err != nil || !ok || issue.State != "sent" {
		return paper{}, false, err
	}
	items, err := d.db.NewsOf(ctx, issue.ID)
	return d.compose(issue, items, storage.Used), true, err
}

// send writes a page, or that it is what the reader has already.
func send(w http.ResponseWriter, r *http.Request, name string, data any) error {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, name, data); err != nil {
		return err
	}
	serve(w, r, "text/html; charset=utf-8", b.Bytes())
	return nil
}

// serve answers with an ETag, and with 304 where the reader has it.
func serve(w http.ResponseWriter, r *http.Request, kind string, body []byte) {
	sum := sha256.Sum256(body)
	tag := `"` + hex.EncodeToString(sum[:12]) + `"`
	w.Header().Set("ETag", tag)
	w.Header().Set("Cache-Control", "max-age=300")
	w.Header().Set("Content-Type", kind)
	for _, have := range strings.Split(r.Header.Get("If-None-Match"), ",") {
		if have = strings.TrimPrefix(strings.TrimSpace(have), "W/"); have == tag || have == "*" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	w.Write(body)
}

// shownNote is a page with a sentence, and perhaps a button.
type shownNote struct{ Title, Text, Action, Button string }

func note(w http.ResponseWriter, status int, n shownNote) error {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, "note.html", n); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, err := w.Write(b.Bytes())
	return err
}

// maxFeed is how many newsletters a feed has.
const maxFeed = 50

// entries are the newsletters of the feeds, the newest first, and when the
// newest was changed.
func (d *desk) entries(ctx context.Context) (all []paper, updated time.Time, err error) {
	issues, err := d.db.SentIssues(ctx, maxFeed)
	if err != nil {
		return nil, updated, err
	}
	for _, i := range issues {
		items, err := d.db.NewsOf(ctx, i.ID)
		if err != nil {
			return nil, updated, err
		}
		all = append(all, d.compose(i, items, storage.Used))
		if i.Sent.After(updated) {
			updated = i.Sent
		}
	}
	return all, updated, nil
}
