package storage

import (
	"fmt"
	"testing"

	"git.coop/cotech/wortley/bot"
)

func TestConfigureCoordinators(t *testing.T) {
	ctx := t.Context()
	db, err := OpenMemory(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ana, bob, chris := Account{Site: "matrix", User: "@ana:example.org"}, Account{Site: "discourse/hub", User: "bob"}, Account{Site: "matrix", User: "@chris:example.org"}

	// Chris is a coordinator by other ways than the configuration.
	id, err := db.Know(ctx, chris.Site, bot.User{ID: chris.User})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.SetRole(ctx, id, bot.Coordinator); err != nil {
		t.Fatal(err)
	}
	for i, tt := range []struct {
		named []Account
		want  string // roles of Ana, Bob and Chris
	}{
		{[]Account{ana, bob}, "coordinator, coordinator, coordinator"},
		{[]Account{ana, bob}, "coordinator, coordinator, coordinator"},
		{[]Account{bob}, "anyone, coordinator, coordinator"},
		{[]Account{ana}, "coordinator, anyone, coordinator"},
		{nil, "anyone, anyone, coordinator"},
	} {
		if err := db.ConfigureCoordinators(ctx, tt.named); err != nil {
			t.Fatal(err)
		}
		var roles [3]bot.Role
		for j, a := range []Account{ana, bob, chris} {
			p, err := db.Person(ctx, a.Site, bot.User{ID: a.User})
			if err != nil {
				t.Fatal(err)
			}
			roles[j] = p.Role
		}
		if got := fmt.Sprintf("%s, %s, %s", roles[0], roles[1], roles[2]); got != tt.want {
			t.Errorf("start %d with %v: %s, want %s", i, tt.named, got, tt.want)
		}
	}
}

func TestConfigureCoordinatorsTwoAccountsOfOnePerson(t *testing.T) {
	ctx := t.Context()
	db, err := OpenMemory(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	matrix, forum := Account{Site: "matrix", User: "@ana:example.org"}, Account{Site: "discourse/hub", User: "ana"}
	if err := db.ConfigureCoordinators(ctx, []Account{matrix}); err != nil {
		t.Fatal(err)
	}
	p, err := db.Person(ctx, matrix.Site, bot.User{ID: matrix.User})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Link(ctx, forum.Site, forum.User, p.ID); err != nil {
		t.Fatal(err)
	}
	// Named by the other account from now on: still a coordinator.
	if err := db.ConfigureCoordinators(ctx, []Account{forum}); err != nil {
		t.Fatal(err)
	}
	if p, err = db.Person(ctx, matrix.Site, bot.User{ID: matrix.User}); err != nil || p.Role != bot.Coordinator {
		t.Errorf("role %s, error %v, want coordinator", p.Role, err)
	}
}
