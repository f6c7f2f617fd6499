package main

import (
	"fmt"
	"strings"
	"testing"

	"git.coop/cotech/wortley/bot/discourse/discoursetest"
)

// TestSummariesOfThreads are without a model, as by default, and of what
// everybody may read.
func TestSummariesOfThreads(t *testing.T) {
	f := discoursetest.New(t, discoursetest.Options{Mode: discoursetest.Newest})
	f.AddUser("annie", discoursetest.User{})
	f.AddUser("wortley", discoursetest.User{TrustLevel: 4})
	f.AddGroup("stewards", discoursetest.Group{}, "annie", "wortley")
	general := f.AddCategory("General", discoursetest.Category{}).ID
	closed := f.AddCategory("Stewards", discoursetest.Category{Groups: []string{"stewards"}}).ID
	open := f.NewTopic("annie", general, "A stall at the fair", "Shall we share a stall at the fair in Leeds? I would ask for the price.")
	f.Say("annie", open.ID, "Three co-ops would share the stall at the fair.")
	secret := f.NewTopic("annie", closed, "A stall for stewards only", "Nobody else may know that we share a stall.")
	private := f.PM("annie", "About the stall", "Between us: the stall is expensive.", "wortley")
	hidden := f.NewTopic("annie", general, "A stall nobody sees", "This stall is not listed anywhere here.")
	f.Unlist(hidden.ID)

	c := defaults()
	for key, value := range map[string]string{"url": f.URL(), "reader_key": f.Key("wortley"), "writer_key": f.Key("wortley")} {
		c.begin("forums.hub.url")
		s, _ := c.setting("forums.hub." + key)
		if err := s.set(value); err != nil {
			t.Fatal(err)
		}
	}
	model, err := c.model()
	if err != nil || model != nil {
		t.Fatalf("model %v, %v", model, err)
	}
	ask := (&program{Config: c}).summariser(model)
	got, err := ask(t.Context(), fmt.Sprintf("%s/t/a-stall-at-the-fair/%d/2?u=annie", f.URL(), open.ID))
	if err != nil || !strings.Contains(got, "Shall we share a stall at the fair in Leeds?") || !strings.HasSuffix(got, " (sentences picked from 2 posts)") {
		t.Errorf("got %q, %v", got, err)
	}
	for what, link := range map[string]string{
		"not open to everybody": fmt.Sprintf("%s/t/%d", f.URL(), secret.ID),
		"a personal message":    fmt.Sprintf("%s/t/%d", f.URL(), private.ID),
		"not listed":            fmt.Sprintf("%s/t/%d", f.URL(), hidden.ID),
		"gone":                  f.URL() + "/t/99999",
		"another site":          "https://elsewhere.example/t/1",
		"no topic":              f.URL() + "/c/general/4",
	} {
		if got, err := ask(t.Context(), link); err == nil || got != "" {
			t.Errorf("%s: %q", what, got)
		}
	}
}

func TestModelSettings(t *testing.T) {
	_, err := loadConfig("", []string{"WORTLEY_LLM_URL=ollama", "WORTLEY_LLM_DAILY=0"})
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{"WORTLEY_LLM_URL", "WORTLEY_LLM_MODEL", "WORTLEY_LLM_DAILY"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%s is not in %q", want, err)
		}
	}
}
