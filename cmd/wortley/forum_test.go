package main

import (
	"testing"

	"git.coop/cotech/wortley/bot/discourse/discoursetest"
	forum "git.coop/cotech/wortley/integrations/discourse"
)

func TestDoctorLooksAtForums(t *testing.T) {
	elsewhere(t)
	f := discoursetest.New(t, discoursetest.Options{})
	f.AddUser("wortley", discoursetest.User{TrustLevel: 2})
	t.Setenv("WORTLEY_COORDINATORS", "hub:ana")
	t.Setenv("WORTLEY_FORUMS_HUB_URL", f.URL())
	t.Setenv("WORTLEY_FORUMS_HUB_READER_KEY", f.Key("wortley", forum.ReaderScopes...))
	t.Setenv("WORTLEY_FORUMS_HUB_WRITER_KEY", f.Key("wortley", forum.WriterScopes...))
	got := wortley(t, "", "doctor")
	got.wants(t, exitFine, "fine     forum hub: reader key", "")
	got.wants(t, exitFine, "fine     forum hub: writer key", "")

	t.Setenv("WORTLEY_FORUMS_HUB_WRITER_KEY", f.Key("wortley", "global:read"))
	wortley(t, "", "doctor").wants(t, exitOperator, "MISSING  forum hub: writer key", "one thing is missing")

	t.Setenv("WORTLEY_FORUMS_HUB_READER_KEY", "")
	wortley(t, "", "doctor").wants(t, exitOperator, "", "WORTLEY_FORUMS_HUB_READER_KEY: a key is needed")
}
