// Command fakediscourse serves a made-up Discourse forum on the loopback
// interface, to try a client by hand. It prints an address and the keys of
// the accounts it has, and runs until it is interrupted.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"syscall"

	"git.coop/cotech/wortley/bot/discourse/discoursetest"
)

func main() {
	log.SetFlags(0)
	addr := flag.String("addr", "127.0.0.1:4200", "where to listen")
	mode := flag.String("mode", "new", "age of the server: old, mid or new")
	file := flag.String("file", "", "keep the forum in this file")
	base := flag.String("base", "", "folder the forum lives in, as /forum")
	limits := flag.Bool("limits", false, "apply the rate limits of a real server")
	flag.Parse()
	m, err := discoursetest.ParseMode(*mode)
	if err != nil {
		log.Fatal(err)
	}
	o := discoursetest.Options{Mode: m, Addr: *addr, File: *file, Base: *base}
	if *limits {
		o.Limits = discoursetest.RealLimits()
	}
	f, err := discoursetest.Open(o)
	if err != nil {
		log.Fatal(err)
	}
	populate(f)
	fmt.Printf("A %s Discourse (%s) at %s\n", m, m.Version(), f.URL())
	for _, name := range []string{"wortley", "ana", "ben", "admin"} {
		fmt.Printf("  %-8s Api-Key: %s\n", name, f.Key(name))
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	<-stop
	f.Stop()
}

// populate puts some people and topics into a forum that has none.
func populate(f *discoursetest.Forum) {
	if f.Has("wortley") {
		return
	}
	f.AddUser("wortley", discoursetest.User{Name: "Wortley", TrustLevel: 4})
	f.AddUser("ana", discoursetest.User{Name: "Ana", TrustLevel: 2, Fields: map[string]string{"1": "Carpentry, bookkeeping"}})
	f.AddUser("ben", discoursetest.User{Name: "Ben", TrustLevel: 2})
	f.AddGroup("gardeners", discoursetest.Group{Mentionable: true}, "ana", "ben")
	general := f.AddCategory("General", discoursetest.Category{})
	ladder := f.NewTopic("ana", general.ID, "Who has the long ladder?", "I need it on [date=2026-12-03 time=18:00:00 timezone=\"Europe/London\"].", "tools")
	f.Say("ben", ladder.ID, "Ask @wortley, it knows.")
	f.PM("ana", "A quiet question", "What is on this week?", "wortley")
	lounge := f.AddChannel("Lounge", discoursetest.Channel{Threading: true}, "wortley", "ana", "ben")
	f.ChatSay("ben", lounge.ID, "Good morning, @wortley.")
}
