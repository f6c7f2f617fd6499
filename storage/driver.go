package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"strings"

	"modernc.org/sqlite" // SQLite without C, so that the bot is one static file
)

// A connector opens connections of modernc's driver that keep prepared
// statements: preparing one costs more than running it, and the bot says the
// same few hundred things to its database all day.
type connector struct {
	dsn     string
	changed func(...part) // told of what statements may change; may be nil
}

// openRaw opens a database. changed, which may be nil, is told of what
// statements may change.
func openRaw(dsn string, changed func(...part)) *sql.DB { return sql.OpenDB(connector{dsn, changed}) }

// keptStatements is how many of them a connection keeps.
const keptStatements = 400

// Driver implements [driver.Connector].
func (connector) Driver() driver.Driver { return &sqlite.Driver{} }

// Connect implements [driver.Connector].
func (c connector) Connect(context.Context) (driver.Conn, error) {
	opened, err := c.Driver().Open(c.dsn)
	if err != nil {
		return nil, err
	}
	return &conn{inner: opened.(inner), stmts: map[string]*stmt{}, changed: c.changed}, nil
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
	stmts   map[string]*stmt
	changed func(...part)
}

// A stmt is a prepared statement.
type stmt struct {
	driver.Stmt
	busy    bool // its rows are being read
	changes []part
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
	if !keepable(query) || len(c.stmts) >= keptStatements {
		return nil, nil
	}
	prepared, err := c.inner.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	s := &stmt{Stmt: prepared, changes: changedBy(query)}
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
	case "PRAGMA":
		return strings.HasSuffix(query, "data_version")
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
	c.note(s, query)
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
	c.note(s, query)
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

// note tells of what a statement may change. s is nil if it is not kept.
func (c *conn) note(s *stmt, query string) {
	switch {
	case c.changed == nil:
	case s == nil:
		c.changed(changedBy(query)...)
	case len(s.changes) > 0:
		c.changed(s.changes...)
	}
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
