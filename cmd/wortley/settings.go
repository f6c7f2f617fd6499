package main

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// A setting is one field of a [Config].
type setting struct {
	Key     string // "limits.per_person"
	Doc     string
	Default string // as it is written in the file
	Secret  bool   // its environment variable also comes with _FILE
	Shown   bool   // init writes it without a comment mark
	Example string // what init writes where there is no default
	value   reflect.Value
}

// Env is the setting's environment variable: "WORTLEY_LIMITS_PER_PERSON".
func (s setting) Env() string {
	return "WORTLEY_" + strings.ToUpper(strings.ReplaceAll(s.Key, ".", "_"))
}

// settings returns the fields of a configuration in their order.
func (c *Config) settings() []setting { return fields(valueOf(c), "") }

func valueOf(pointer any) reflect.Value { return reflect.ValueOf(pointer).Elem() }

func fields(v reflect.Value, prefix string) []setting {
	var all []setting
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if !f.IsExported() {
			continue
		}
		key := prefix + f.Tag.Get("yaml")
		switch f.Type.Kind() {
		case reflect.Struct:
			all = append(all, fields(v.Field(i), key+".")...)
			continue
		case reflect.Map: // of groups, each under a name of its own
			for _, name := range slices.SortedFunc(slices.Values(v.Field(i).MapKeys()), byName) {
				all = append(all, fields(v.Field(i).MapIndex(name).Elem(), key+"."+name.String()+".")...)
			}
			continue
		}
		all = append(all, setting{Key: key, Doc: f.Tag.Get("doc"), Default: f.Tag.Get("default"),
			Secret: f.Tag.Get("secret") != "", Shown: f.Tag.Get("init") == "show", Example: f.Tag.Get("example"), value: v.Field(i)})
	}
	return all
}

func byName(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) }

// setting returns the one with this key.
func (c *Config) setting(key string) (setting, bool) {
	for _, s := range c.settings() {
		if s.Key == key {
			return s, true
		}
	}
	return setting{}, false
}

// set reads a value. Lists are separated by commas.
func (s setting) set(text string) error {
	text = strings.TrimSpace(text)
	switch s.value.Kind() {
	case reflect.String:
		s.value.SetString(text)
	case reflect.Int:
		n, err := strconv.Atoi(text)
		if err != nil {
			return fmt.Errorf("%q is no whole number", text)
		}
		s.value.SetInt(int64(n))
	case reflect.Float64:
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
			return fmt.Errorf("%q is no number", text)
		}
		s.value.SetFloat(n)
	case reflect.Bool:
		switch strings.ToLower(text) {
		case "yes", "true", "on", "1":
			s.value.SetBool(true)
		case "no", "false", "off", "0":
			s.value.SetBool(false)
		default:
			return fmt.Errorf("want yes or no, not %q", text)
		}
	case reflect.Slice:
		s.setList(strings.Split(text, ","))
	}
	return nil
}

func (s setting) setList(values []string) {
	list := []string{}
	for _, v := range values {
		if v = strings.TrimSpace(v); v != "" {
			list = append(list, v)
		}
	}
	s.value.Set(reflect.ValueOf(list))
}

func (s setting) isList() bool { return s.value.Kind() == reflect.Slice }

// defaults returns the configuration of somebody who set nothing.
func defaults() *Config {
	c := &Config{}
	setDefaults(c.settings())
	return c
}

// documented is the configuration that is explained to people: the defaults,
// and one of each group that has names.
func documented(name string) *Config {
	c := defaults()
	for _, g := range c.namedGroups() {
		g.begin(name)
	}
	return c
}

func setDefaults(all []setting) {
	for _, s := range all {
		if s.Default == "" {
			continue
		}
		if err := s.set(s.Default); err != nil {
			panic("default of " + s.Key + ": " + err.Error())
		}
	}
}
