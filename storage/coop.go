package storage

import "context"

// EnsureCoop returns the number of the co-op with this name, listing it if
// there is none.
func (db *DB) EnsureCoop(ctx context.Context, name string) (id int64, err error) {
	err = db.QueryRow(ctx, `
		INSERT INTO coop (name, status) VALUES ($1, 'listed')
		ON CONFLICT (name) DO UPDATE SET name = name
		RETURNING id`, name).Scan(&id)
	return id, err
}
