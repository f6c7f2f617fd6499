package whohas

import (
	"context"
	"errors"
	"fmt"
	"time"

	"git.coop/cotech/wortley/integrations/directory"
	"git.coop/cotech/wortley/storage"
)

// Load writes entries into the directory as they are, without asking. It is
// for an empty directory: the demo, and conversation files.
func Load(ctx context.Context, db *storage.DB, entries []directory.Entry) error {
	return db.Do(ctx, func(ctx context.Context) error {
		for _, e := range entries {
			if err := loadEntry(ctx, db, e); err != nil {
				return fmt.Errorf("whohas: %s: %w", e.Name, err)
			}
		}
		return nil
	})
}

func loadEntry(ctx context.Context, db *storage.DB, e directory.Entry) error {
	id, err := db.SaveCoop(ctx, coopOf(e))
	if err != nil {
		return err
	}
	for _, s := range e.Skills {
		skill, err := skillNamed(ctx, db, s.Name, string(s.Kind))
		if err != nil {
			return err
		}
		can := storage.Can{Skill: skill.ID, Coop: id, AsOf: isoDay(e.SkillsAsOf), From: e.Source}
		if err := db.SetSkill(ctx, can); err != nil {
			return err
		}
	}
	return nil
}

func coopOf(e directory.Entry) storage.Coop {
	return storage.Coop{Name: e.Name, Slug: e.Slug, Website: e.Website, Town: e.Town, Status: string(e.Status),
		DelistedOn: isoDay(e.DelistedOn), Members: e.Members, SkillsAsOf: isoDay(e.SkillsAsOf), Source: e.Source}
}

func isoDay(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// skillNamed returns the skill that a word names, adding it if it is new: by
// its canonical name if the vocabulary knows it, else as it is written.
func skillNamed(ctx context.Context, db *storage.DB, word, kind string) (storage.Skill, error) {
	name := word
	if t, ok := directory.Vocabulary().Lookup(word); ok && t.Kind != directory.Group {
		name, kind = t.Name, string(t.Kind)
	}
	s, err := db.SkillByKey(ctx, directory.Key(name))
	if !errors.Is(err, storage.ErrNotFound) {
		return s, err
	}
	s = storage.Skill{Key: directory.Key(name), Name: name, Kind: kind}
	s.ID, err = db.EnsureSkill(ctx, s.Key, s.Name, s.Kind)
	return s, err
}
