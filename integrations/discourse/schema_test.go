package discourse

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// schemas returns the folder with the forum's official schemas, or skips the
// test loudly: it lies beside the repository, or where WORTLEY_SCHEMAS says.
func schemas(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("WORTLEY_SCHEMAS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data", "discourse-schemas")
	}
	if _, err := os.Stat(filepath.Join(dir, "errata.json")); err != nil {
		fmt.Fprintf(os.Stderr, "\n*** %s SKIPPED: no Discourse schemas at %s; set WORTLEY_SCHEMAS ***\n\n", t.Name(), dir)
		t.Skip("no schemas")
	}
	return dir
}

func readJSON(t *testing.T, path string) any {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	v, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return v
}

// corrected returns the schema of an operation's answer with its errata.
func corrected(t *testing.T, dir, operation string) map[string]any {
	t.Helper()
	name := "endpoints/" + operation + ".response.200.json"
	schema := readJSON(t, filepath.Join(dir, filepath.FromSlash(name)))
	errata := readJSON(t, filepath.Join(dir, "errata.json")).(map[string]any)
	for _, e := range errata["entries"].([]any) {
		entry := e.(map[string]any)
		if entry["file"] != name {
			continue
		}
		at := schema
		parts := strings.Split(strings.Trim(entry["pointer"].(string), "/"), "/")
		for _, p := range parts[:len(parts)-1] {
			at = at.(map[string]any)[p]
		}
		at.(map[string]any)[parts[len(parts)-1]] = entry["value"]
	}
	return schema.(map[string]any)
}

// recordings says which operation each file of testdata is an answer of, and
// what it is read into.
var recordings = []struct {
	file, operation string
	into            any
	more            []string // fields that the client reads and this schema does not have
}{
	{"posts.json", "listPosts", postPage{}, []string{"private_posts", "is_auto_generated", "action_code", "reactions"}},
	{"post.json", "getPost", Post{}, []string{"is_auto_generated", "category_id", "topic_title", "reactions"}},
	{"topic.json", "getTopic", topicAnswer{}, []string{"is_auto_generated", "raw", "reactions", "category_id", "topic_title", "external_id", "bumped_at",
		"last_poster_username", "excerpt", "allowed_users", "allowed_groups"}},
	{"latest.json", "listLatestTopics", listAnswer{}, []string{"more_topics_url", "tags", "excerpt", "user_id", "external_id", "deleted_at"}},
	{"notifications.json", "getNotifications", notificationAnswer{}, nil},
	{"categories.json", "listCategories", categoriesAnswer{}, []string{"parent_category_id"}},
	{"tags.json", "listTags", tagsAnswer{}, []string{"tag_groups"}},
	{"members.json", "listGroupMembers", membersAnswer{}, nil},
	{"upload.json", "createUpload", Upload{}, nil},
	{"group.json", "getGroup", groupAnswer{}, nil},
	{"basic-info.json", "getSiteBasicInfo", BasicInfo{}, nil},
}

func TestRecordingsFitTheOfficialSchemas(t *testing.T) {
	dir := schemas(t)
	for _, r := range recordings {
		compiler := jsonschema.NewCompiler()
		if err := compiler.AddResource("https://forum.example.org/"+r.operation, corrected(t, dir, r.operation)); err != nil {
			t.Fatal(err)
		}
		schema, err := compiler.Compile("https://forum.example.org/" + r.operation)
		if err != nil {
			t.Fatalf("%s: %v", r.operation, err)
		}
		if err := schema.Validate(readJSON(t, filepath.Join("testdata", r.file))); err != nil {
			t.Errorf("%s is no answer of %s: %v", r.file, r.operation, err)
		}
	}
}

// A field whose name is spelled wrongly would be empty for ever.
func TestTypesHaveTheOfficialNames(t *testing.T) {
	dir := schemas(t)
	for _, r := range recordings {
		for _, name := range unknown(reflect.TypeOf(r.into), corrected(t, dir, r.operation)) {
			if last := name[strings.LastIndex(name, ".")+1:]; !slices.Contains(r.more, last) {
				t.Errorf("%s: %T reads %s, which the schema does not have", r.operation, r.into, name)
			}
		}
	}
}

// unknown returns the fields of a type that its schema does not name.
func unknown(typ reflect.Type, schema map[string]any) (names []string) {
	for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
		if typ.Kind() == reflect.Slice {
			schema, _ = schema["items"].(map[string]any)
		}
		typ = typ.Elem()
	}
	properties, _ := schema["properties"].(map[string]any)
	if typ.Kind() != reflect.Struct || properties == nil || reflect.PointerTo(typ).Implements(reflect.TypeFor[json.Unmarshaler]()) {
		return nil
	}
	for i := range typ.NumField() {
		f := typ.Field(i)
		name := f.Tag.Get("json")
		switch {
		case name == "-":
		case f.Anonymous && name == "":
			names = append(names, unknown(f.Type, schema)...)
		case properties[name] == nil:
			names = append(names, name)
		default:
			sub, _ := properties[name].(map[string]any)
			for _, deeper := range unknown(f.Type, sub) {
				names = append(names, name+"."+deeper)
			}
		}
	}
	return names
}
