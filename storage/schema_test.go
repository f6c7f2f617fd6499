package storage

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite schema.sql")

// TestSchema compares the schema that the migrations make with schema.sql,
// which is there to be read.
func TestSchema(t *testing.T) {
	db := memory(t)
	found, err := db.Query(t.Context(), `
		SELECT sql FROM sqlite_master
		WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND name <> $1
		ORDER BY CASE type WHEN 'table' THEN 1 WHEN 'index' THEN 2 ELSE 3 END, name`, versionTable)
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close()
	var all strings.Builder
	all.WriteString("-- What the migrations make. Written by: go test ./storage -update\n")
	for found.Next() {
		var sql string
		if err := found.Scan(&sql); err != nil {
			t.Fatal(err)
		}
		all.WriteString("\n" + sql + ";\n")
		if strings.HasPrefix(sql, "CREATE TABLE") && !strings.Contains(sql, "STRICT") {
			t.Errorf("not strict: %s", sql)
		}
	}
	if *update {
		if err := os.WriteFile("schema.sql", []byte(all.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("schema.sql")
	if err != nil || string(want) != all.String() {
		t.Errorf("schema.sql is not what the migrations make (%v): run go test ./storage -update, and read the difference", err)
	}
}

func memory(tb testing.TB) *DB {
	tb.Helper()
	db, err := OpenMemory(context.Background())
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { db.Close() })
	return db
}

func file(tb testing.TB, o Options) *DB {
	tb.Helper()
	db, err := Open(context.Background(), filepath.Join(tb.TempDir(), "w.db"), o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { db.Close() })
	return db
}

func TestNewerSchemaIsRefused(t *testing.T) {
	db := file(t, Options{})
	if _, err := db.Exec(t.Context(), `UPDATE `+versionTable+` SET version = 99, compat = 99`); err != nil {
		t.Fatal(err)
	}
	db.Close()
	_, err := Open(t.Context(), db.Path, Options{})
	if err == nil || !strings.Contains(err.Error(), "newer Wortley") {
		t.Errorf("opened a file of version 99: %v", err)
	}
}

// TestCopyBeforeUpgrade opens a file of the first schema and looks for the copy.
func TestCopyBeforeUpgrade(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.db")
	all := upgrades
	upgrades = all[:1]
	old, err := Open(t.Context(), path, Options{})
	upgrades = all
	if err != nil {
		t.Fatal(err)
	}
	if _, err := old.EnsureCoop(t.Context(), "Calverts"); err != nil {
		t.Fatal(err)
	}
	old.Close()
	db, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if coops, err := db.Coops(t.Context()); err != nil || len(coops) != 1 {
		t.Errorf("after the upgrade: %v, %v", coops, err)
	}
	upgrades = all[:1]
	defer func() { upgrades = all }()
	before, err := Open(t.Context(), path+".before-v2", Options{})
	if err != nil {
		t.Fatalf("no copy from before the upgrade: %v", err)
	}
	before.Close()
}

func TestSettingsHoldForEveryConnection(t *testing.T) {
	for _, tt := range []struct {
		durable bool
		want    int
	}{{false, 1}, {true, 2}} {
		db := file(t, Options{Durable: tt.durable})
		for name, want := range map[string]int{"synchronous": tt.want, "foreign_keys": 1, "recursive_triggers": 1} {
			var got int
			if err := db.QueryRow(t.Context(), "PRAGMA "+name).Scan(&got); err != nil || got != want {
				t.Errorf("durable %v: %s = %d, want %d (%v)", tt.durable, name, got, want, err)
			}
		}
		if _, err := db.Read.Exec("DELETE FROM inbox"); err == nil {
			t.Error("the reading pool can write")
		}
	}
}
