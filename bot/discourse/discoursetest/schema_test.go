package discoursetest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// operations are the routes that the published schemas describe. The rest
// have no schema anywhere.
var operations = map[string]string{
	"GET posts": "listPosts", "POST posts": "createTopicPostPM", "GET posts/#id": "getPost", "PUT posts/#id": "updatePost",
	"GET posts/#id/replies": "postReplies", "POST post_actions": "performPostAction", "POST uploads": "createUpload", "GET search": "search",
	"GET user_actions": "listUserActions", "GET latest": "listLatestTopics", "GET c/#id/show": "getCategory", "GET c/:slug/#id": "listCategoryTopics",
	"GET c/:slug/#id/l/latest": "listCategoryTopics", "GET c/:parent/:slug/#id": "listCategoryTopics", "GET tag/:name": "getTag", "GET tag/:name/l/latest": "getTag",
	"GET tag/:slug/#id": "getTag", "GET topics/private-messages/:name": "listUserPrivateMessages", "GET topics/private-messages-sent/:name": "getUserSentPrivateMessages",
	"GET t/#id": "getTopic", "GET t/#id/#number": "getTopic", "GET t/:slug/#id": "getTopic", "GET t/:slug/#id/#number": "getTopic", "GET t/#id/posts": "getSpecificPostsFromTopic",
	"PUT t/#id/status": "updateTopicStatus", "PUT t/#id": "updateTopic", "PUT t/:slug/#id": "updateTopic", "POST t/#id/notifications": "setNotificationLevel",
	"POST t/#id/invite": "inviteToTopic", "GET site": "getSite", "GET site/basic-info": "getSiteBasicInfo", "GET categories": "listCategories",
	"GET tags": "listTags", "GET tag_groups": "listTagGroups", "GET groups": "listGroups", "GET groups/by-id/#id": "getGroupById", "GET groups/:name": "getGroup",
	"GET groups/:name/members": "listGroupMembers", "PUT groups/#id/members": "addGroupMembers", "DELETE groups/#id/members": "removeGroupMembers",
	"GET directory_items": "listUsersPublic", "GET u/:name": "getUser", "GET notifications": "getNotifications", "PUT notifications/mark-read": "markNotificationsAsRead",
}

// ownErrata are corrections beyond those supplied with the schemas. Each is
// something every site sends that has the thing concerned switched on.
var ownErrata = []erratum{
	{op: "listCategoryTopics", Pointer: "/properties/topic_list/properties/topics/items/properties/tags", Value: true}, // the sample's site had no tags
	{op: "listCategoryTopics", Pointer: "/properties/topic_list/properties/more_topics_url", Value: true},              // the sample had one page
	{op: "search", Pointer: "/properties/topics", Value: true},                                                         // the sample found nothing
	{op: "getUser", Pointer: "/properties/user/properties/featured_topic", Value: map[string]any{"type": []any{"object", "null", "string"}}},
	{op: "getTopic", Pointer: "/properties/details/properties/allowed_users", Value: true},                          // personal messages
	{op: "getTopic", Pointer: "/properties/details/properties/allowed_groups", Value: true},                         // the same
	{op: "getTopic", Pointer: "/properties/post_stream/properties/posts/items/properties/action_code", Value: true}, // small actions
	{op: "getTopic", Pointer: "/properties/post_stream/properties/posts/items/properties/raw", Value: true},         // include_raw=true
	{op: "getSpecificPostsFromTopic", Pointer: "/properties/post_stream/properties/posts/items/properties/reply_to_post_number", Value: map[string]any{"type": []any{"integer", "null"}}},
	{op: "getNotifications", Pointer: "/properties/notifications/items/properties/post_number", Value: map[string]any{"type": []any{"integer", "null"}}}, // in 2023
	{op: "performPostAction", Pointer: "/properties/reviewable_id", Value: map[string]any{"type": []any{"integer", "null"}}},                             // in 2023
	{op: "listUsersPublic", Pointer: "/properties/directory_items/items/properties/user/properties/user_fields", Value: true},
}

type erratum struct {
	op      string
	File    string `json:"file"`
	Pointer string `json:"pointer"`
	Value   any    `json:"value"`
}

// schemaDir is where the published schemas are, "" if they are not at hand.
func schemaDir() string {
	dir := os.Getenv("WORTLEY_SCHEMAS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "data", "discourse-schemas")
	}
	if _, err := os.Stat(filepath.Join(dir, "index.json")); err != nil {
		return ""
	}
	return dir
}

const noSchemas = "SKIPPED: Discourse's published schemas are not here, answers were NOT checked against them. Set WORTLEY_SCHEMAS to the folder that has their index.json."

// TestMain says loudly when the schema checks do nothing.
func TestMain(m *testing.M) {
	if schemaDir() == "" {
		fmt.Println("discoursetest:", noSchemas)
	}
	os.Exit(m.Run())
}

// A checker validates answers of one age against the document of that age.
type checker struct {
	mu      sync.Mutex
	schemas map[string]*jsonschema.Schema // by operation
	raw     map[string]any
	used    map[string]bool
	compile *jsonschema.Compiler
}

var checkers = sync.OnceValues(func() (map[Mode]*checker, error) {
	dir := schemaDir()
	if dir == "" {
		return nil, nil
	}
	var errata struct{ Entries []erratum }
	if err := readJSON(filepath.Join(dir, "errata.json"), &errata); err != nil {
		return nil, err
	}
	out := map[Mode]*checker{}
	for mode, file := range map[Mode]string{Old: "openapi-2023-03-11-e9af078.json", Mid: "openapi-2025-07-17-7c9032f.json"} {
		raw, err := fromOpenAPI(filepath.Join(dir, "openapi", file))
		if err != nil {
			return nil, err
		}
		out[mode] = newChecker(raw, errata.Entries)
	}
	raw, err := fromEndpoints(filepath.Join(dir, "endpoints"))
	if err != nil {
		return nil, err
	}
	out[Newest] = newChecker(raw, errata.Entries)
	return out, nil
})

func readJSON(path string, into any) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, into)
}

// fromEndpoints reads one schema a file.
func fromEndpoints(dir string) (map[string]any, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.response.200.json"))
	out := map[string]any{}
	for _, f := range files {
		var s any
		if err := readJSON(f, &s); err != nil {
			return nil, err
		}
		out[strings.TrimSuffix(filepath.Base(f), ".response.200.json")] = s
	}
	return out, err
}

// fromOpenAPI cuts the answers' schemas out of a whole document.
func fromOpenAPI(path string) (map[string]any, error) {
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
			Responses   map[string]struct {
				Content map[string]struct{ Schema any }
			}
		}
	}
	if err := readJSON(path, &doc); err != nil {
		return nil, err
	}
	out := map[string]any{}
	for _, methods := range doc.Paths {
		for _, op := range methods {
			if s := op.Responses["200"].Content["application/json"].Schema; s != nil {
				mend(s)
				out[op.OperationID] = s
			}
		}
	}
	return out, nil
}

// mend takes an empty list in place of a schema, which meant something in
// older drafts, as a schema that allows everything.
func mend(at any) {
	switch at := at.(type) {
	case map[string]any:
		for k, v := range at {
			if list, isList := v.([]any); isList && len(list) == 0 && k != "required" {
				at[k] = true
			}
			mend(v)
		}
	case []any:
		for _, v := range at {
			mend(v)
		}
	}
}

func newChecker(raw map[string]any, errata []erratum) *checker {
	for _, e := range append(errata, ownErrata...) {
		op := e.op
		if e.File != "" {
			op = strings.TrimSuffix(filepath.Base(e.File), ".response.200.json")
		}
		apply(raw[op], strings.Split(e.Pointer, "/")[1:], e.Value)
	}
	return &checker{schemas: map[string]*jsonschema.Schema{}, raw: raw, used: map[string]bool{}, compile: jsonschema.NewCompiler()}
}

// apply sets the value at a pointer; where an older document has not come so
// far there is nothing to correct.
func apply(at any, pointer []string, value any) {
	for _, name := range pointer[:len(pointer)-1] {
		at = step(at, name)
	}
	if m, ok := at.(map[string]any); ok {
		m[pointer[len(pointer)-1]] = value
	}
}

func step(at any, name string) any {
	switch at := at.(type) {
	case map[string]any:
		return at[name]
	case []any:
		if i, err := strconv.Atoi(name); err == nil && i < len(at) {
			return at[i]
		}
	}
	return nil
}

// check validates an answer of an operation; it says whether there was a
// schema to do it with.
func (c *checker) check(op string, body []byte) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.raw[op] == nil {
		return false, nil
	}
	s := c.schemas[op]
	if s == nil {
		url := fmt.Sprintf("mem:///%s.json", op)
		if err := c.compile.AddResource(url, c.raw[op]); err != nil {
			return false, err
		}
		var err error
		if s, err = c.compile.Compile(url); err != nil {
			return false, err
		}
		c.schemas[op] = s
	}
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(string(body)))
	if err != nil {
		return false, err
	}
	c.used[op] = true
	return true, s.Validate(v)
}
