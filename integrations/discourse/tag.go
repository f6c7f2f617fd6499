package discourse

import (
	"bytes"
	"encoding/json"
)

// A Tag is a topic's tag. Servers since February 2026 have objects with an
// id, older ones only names: a tag is written in the form it was read in, so
// send those that [Client.Tags] returned. One made of a name alone is written
// as a name.
type Tag struct {
	ID   int64 // 0 on older servers
	Name string
	Slug string
}

type tagObject struct {
	ID   json.RawMessage `json:"id,omitempty"`
	Name string          `json:"name,omitempty"`
	Text string          `json:"text,omitempty"` // the name in older tag lists, whose id is the name too
	Slug string          `json:"slug,omitempty"`
}

// UnmarshalJSON reads a name or an object.
func (t *Tag) UnmarshalJSON(b []byte) error {
	*t = Tag{}
	if b = bytes.TrimSpace(b); len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &t.Name)
	}
	var o tagObject
	if err := lenient(json.Unmarshal(b, &o)); err != nil {
		return err
	}
	t.Name, t.Slug = o.Name, o.Slug
	if t.Name == "" {
		t.Name = o.Text
	}
	if json.Unmarshal(o.ID, &t.ID) != nil {
		t.ID = 0
	}
	return nil
}

// MarshalJSON writes a name, or an object if the tag has an id.
func (t Tag) MarshalJSON() ([]byte, error) {
	if t.ID == 0 {
		return json.Marshal(t.Name)
	}
	return json.Marshal(struct {
		ID   int64  `json:"id"`
		Name string `json:"name"`
	}{t.ID, t.Name})
}

// Names returns the names of tags.
func Names(tags []Tag) []string {
	names := make([]string, len(tags))
	for i, t := range tags {
		names[i] = t.Name
	}
	return names
}
