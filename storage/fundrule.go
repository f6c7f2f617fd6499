package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"go.mau.fi/util/dbutil"
)

// A FundRule is something the network agreed about its fund.
type FundRule struct {
	Name   string // "cap", "vetoes", "objection_days", …
	Value  string // a number; amounts in minor units; "" if the rule was ended
	Source string // where it was agreed
	Since  string // 2017-11-30
}

// FundRules returns the rules in force on a day, by name.
func (db *DB) FundRules(ctx context.Context, day string) (map[string]FundRule, error) {
	all, err := rows(ctx, db, scanFundRule, `SELECT name, value, source, since FROM fund_rule WHERE since <= $1 ORDER BY since, id`, day)
	if err != nil {
		return nil, err
	}
	rules := map[string]FundRule{}
	for _, r := range all {
		rules[r.Name] = r
		if r.Value == "" {
			delete(rules, r.Name)
		}
	}
	return rules, nil
}

// FundRuleHistory returns every rule there ever was, in order.
func (db *DB) FundRuleHistory(ctx context.Context) ([]FundRule, error) {
	return rows(ctx, db, scanFundRule, `SELECT name, value, source, since FROM fund_rule ORDER BY name, since, id`)
}

func scanFundRule(row dbutil.Scannable) (r FundRule, err error) {
	err = row.Scan(&r.Name, &r.Value, &r.Source, &r.Since)
	return r, err
}

// fundNumber returns the number of a rule at a moment, 0 if there is none.
func (db *DB) fundNumber(ctx context.Context, name string, at time.Time) (int64, error) {
	var value string
	err := db.QueryRow(ctx, `
		SELECT value FROM fund_rule WHERE name = $1 AND since <= $2 ORDER BY since DESC, id DESC LIMIT 1`,
		name, at.UTC().Format(time.DateOnly)).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) || err == nil && value == "" {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(value, 10, 64)
}

// FundSetRule writes a rule down, as an entry of the ledger too.
func (db *DB) FundSetRule(ctx context.Context, a FundAct, r FundRule) (again bool, err error) {
	a.Kind, a.Data = "rule", ruleData(r)
	if a.Words == "" {
		a.Words = r.Name + " = " + r.Value + " (" + r.Source + ")"
	}
	err = db.Do(ctx, func(ctx context.Context) error {
		if again, err = db.fundDo(ctx, a, func(context.Context) (fundStep, error) { return fundStep{data: a.Data}, nil }); err != nil || again {
			return err
		}
		_, err := db.Exec(ctx, `
			INSERT INTO fund_rule (name, value, source, since, entry) VALUES ($1, $2, $3, $4, (SELECT max(id) FROM fund_entry))`,
			r.Name, r.Value, r.Source, r.Since)
		return err
	})
	return again, err
}

// FundConfigured is the source of rules that the configuration gives.
const FundConfigured = "this bot's configuration"

// FundConfigure writes down what the configuration says of the rules, where
// that has changed. What was agreed since stays until it changes again.
func (db *DB) FundConfigure(ctx context.Context, values map[string]string, now time.Time) error {
	for name, value := range values {
		var was string
		err := db.QueryRow(ctx, `SELECT value FROM fund_rule WHERE name = $1 AND source = $2 ORDER BY id DESC LIMIT 1`, name, FundConfigured).Scan(&was)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if was == value {
			continue
		}
		n, _, err := db.FundHead(ctx)
		if err != nil {
			return err
		}
		a := FundAct{Key: "configured/" + name + "/" + strconv.FormatInt(n+1, 10), At: now}
		r := FundRule{Name: name, Value: value, Source: FundConfigured, Since: now.UTC().Format(time.DateOnly)}
		if _, err := db.FundSetRule(ctx, a, r); err != nil {
			return err
		}
	}
	return nil
}

// ruleData is a rule as its entry of the ledger keeps it.
func ruleData(r FundRule) string {
	data, _ := json.Marshal(map[string]string{"name": r.Name, "value": r.Value, "since": r.Since, "source": r.Source}) // words: cannot fail
	return string(data)
}
