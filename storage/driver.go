package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"strings"

	"modernc.org/sqlite" // SQLite without C, so that the bot is one static file
)

// driverName is modernc's driver with prepared statements kept: preparing one
// costs more than running it, and the bot says the same few hundred things to
// its database all day.
const driverName = "wortley-sqlite"

func init() { sql.Register(driverName, keeping{&sqlite.Driver{}}) }

// kept is how many prepared statements a connection keeps.
const kept = 400

// keeping is a driver whose connections keep prepared statements.
type keeping struct{ driver.Driver }

// Open implements [driver.Driver].
func (k keeping) Open(name string) (driver.Conn, error) {
	c, err := k.Driver.Open(name)
	if err != nil {
		return nil, err
	}
	return &conn{inner: c.(inner), stmts: map[string]*stmt{}}, nil
}

// inner is what modernc's connections can do and we need.
type inner interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ConnBeginTx
	driver.ExecerContext
	driver.QueryerContext
	driver.SessionResetter
	driver.Validator
}

type conn struct {
	inner
	stmts map[string]*stmt
}

// A stmt is a prepared statement, and whether its rows are being read.
type stmt struct {
	driver.Stmt
	busy bool
}

// Close implements [driver.Conn].
func (c *conn) Close() error {
	for _, s := range c.stmts {
		s.Stmt.Close()
	}
	return c.inner.Close()
}

// ready returns a prepared statement that is free, or nil if the query is to
// go its own way: statements that change the schema, scripts, and those whose
// rows are still being read.
func (c *conn) ready(ctx context.Context, query string) (*stmt, error) {
	if s := c.stmts[query]; s != nil {
		if s.busy {
			return nil, nil
		}
		return s, nil
	}
	if !keepable(query) || len(c.stmts) >= kept {
		return nil, nil
	}
	prepared, err := c.inner.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	s := &stmt{Stmt: prepared}
	c.stmts[query] = s
	return s, nil
}

// keepable reports whether a query is a single statement that reads or writes rows.
func keepable(query string) bool {
	if strings.Contains(query, ";") {
		return false
	}
	word, _, _ := strings.Cut(strings.TrimLeft(query, " \t\n"), " ")
	switch strings.ToUpper(strings.TrimSpace(word)) {
	case "SELECT", "INSERT", "UPDATE", "DELETE", "SAVEPOINT", "ROLLBACK", "RELEASE", "WITH":
		return !strings.Contains(query, " IN (1") // lists of numbers differ each time
	}
	return false
}

// ExecContext implements [driver.ExecerContext]. Statements are short: one is
// not interrupted, it is not begun when ctx has ended.
func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ctx = context.WithoutCancel(ctx)
	s, err := c.ready(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.inner.ExecContext(ctx, query, args)
	}
	return s.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
}

// QueryContext implements [driver.QueryerContext].
func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ctx = context.WithoutCancel(ctx)
	s, err := c.ready(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.inner.QueryContext(ctx, query, args)
	}
	rows, err := s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	s.busy = true
	return &reading{rows, s}, nil
}

// reading is the rows of a kept statement, which is free again once they are closed.
type reading struct {
	driver.Rows
	s *stmt
}

// Close implements [driver.Rows].
func (r *reading) Close() error {
	r.s.busy = false
	return r.Rows.Close()
}
