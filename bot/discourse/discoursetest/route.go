package discoursetest

import (
	"strconv"
	"strings"
)

// A route is one thing the forum can be asked. In a pattern ":x" is any
// piece of a path and "#x" a number; the first route that fits is taken.
type route struct {
	method, pattern string
	scope           string // the narrow scope that allows it, "" for none
	since           Mode
	handle          func(*call) answer
}

func allRoutes() []route {
	var out []route
	for _, part := range [][]route{postRoutes(), topicRoutes(), siteRoutes(), peopleRoutes(), chatRoutes()} {
		out = append(out, part...)
	}
	return out
}

func postRoutes() []route {
	return []route{
		{"GET", "posts", "posts:list", Old, (*call).listPosts},
		{"GET", "private-posts", "posts:list", Old, (*call).listPrivatePosts},
		{"POST", "posts", "topics:write", Old, (*call).createPost},
		{"GET", "posts/#id", "", Old, (*call).getPost},
		{"PUT", "posts/#id", "posts:edit", Old, (*call).updatePost},
		{"DELETE", "posts/#id", "posts:delete", Old, (*call).deletePost},
		{"PUT", "posts/#id/recover", "posts:recover", Old, (*call).recoverPost},
		{"GET", "posts/#id/replies", "", Old, (*call).postReplies},
		{"GET", "post_action_users", "", Old, (*call).likers},
		{"GET", "discourse-reactions/posts/#id/reactions-users", "", Old, (*call).reactors},
		{"POST", "post_actions", "", Old, (*call).likePost},
		{"DELETE", "post_actions/#id", "", Old, (*call).unlikePost},
		{"POST", "uploads", "uploads:create", Old, (*call).createUpload},
		{"GET", "search", "search:show", Old, (*call).search},
		{"GET", "user_actions", "", Old, (*call).userActions},
	}
}

func topicRoutes() []route {
	return []route{
		{"GET", "latest", "topics:read_lists", Old, (*call).latest},
		{"GET", "c/#id/show", "categories:show", Old, (*call).getCategory},
		{"GET", "c/:slug/#id", "topics:read_lists", Old, (*call).categoryTopics},
		{"GET", "c/:slug/#id/l/latest", "topics:read_lists", Old, (*call).categoryTopics},
		{"GET", "c/:parent/:slug/#id", "topics:read_lists", Old, (*call).categoryTopics},
		{"GET", "c/:parent/:slug/#id/l/latest", "topics:read_lists", Old, (*call).categoryTopics},
		{"GET", "tag/:slug/#id", "topics:read_lists", Newest, (*call).tagTopics},
		{"GET", "tag/:slug/#id/l/latest", "topics:read_lists", Newest, (*call).tagTopics},
		{"GET", "tag/:name", "topics:read_lists", Old, (*call).tagTopics},
		{"GET", "tag/:name/l/latest", "topics:read_lists", Old, (*call).tagTopics},
		{"GET", "topics/private-messages/:name", "topics:read_lists", Old, (*call).privateMessages},
		{"GET", "topics/private-messages-sent/:name", "topics:read_lists", Old, (*call).sentMessages},
		{"GET", "t/external_id/:external", "topics:read", Old, (*call).topicByExternalID},
		{"GET", "t/#id", "topics:read", Old, (*call).getTopic},
		{"GET", "t/#id/posts", "topics:read", Old, (*call).topicPosts},
		{"GET", "t/#id/#number", "topics:read", Old, (*call).getTopic},
		{"GET", "t/:slug/#id", "topics:read", Old, (*call).getTopic},
		{"GET", "t/:slug/#id/#number", "topics:read", Old, (*call).getTopic},
		{"PUT", "t/#id/status", "topics:status", Old, (*call).topicStatus},
		{"PUT", "t/#id", "topics:update", Old, (*call).updateTopic},
		{"PUT", "t/:slug/#id", "topics:update", Old, (*call).updateTopic},
		{"DELETE", "t/#id", "topics:delete", Old, (*call).deleteTopic},
		{"POST", "t/#id/notifications", "", Old, (*call).topicLevel},
		{"POST", "t/#id/invite", "", Old, (*call).inviteToTopic},
	}
}

func siteRoutes() []route {
	return []route{
		{"GET", "site", "", Old, (*call).site},
		{"GET", "site/settings", "", Old, (*call).siteSettings},
		{"GET", "site/basic-info", "", Old, (*call).basicInfo},
		{"GET", "about", "", Old, (*call).about},
		{"GET", "session/current", "", Old, (*call).currentSession},
		{"GET", "session/scopes", anyKey, Old, (*call).keyScopes},
		{"GET", "srv/status", anyKey, Old, (*call).serverStatus},
		{"GET", "categories", "categories:list", Old, (*call).categories},
		{"GET", "tags", "tags:list", Old, (*call).tags},
		{"GET", "tag_groups", "", Old, (*call).tagGroups},
	}
}

func peopleRoutes() []route {
	return []route{
		{"GET", "groups", "", Old, (*call).groups},
		{"GET", "groups/by-id/#id", "", Mid, (*call).getGroup},
		{"GET", "groups/:name", "", Old, (*call).getGroup},
		{"GET", "groups/:name/members", "", Old, (*call).groupMembers},
		{"PUT", "groups/#id/members", "groups:manage_groups", Old, (*call).addMembers},
		{"DELETE", "groups/#id/members", "groups:manage_groups", Old, (*call).removeMembers},
		{"GET", "directory_items", "", Old, (*call).directory},
		{"GET", "u/:name", "users:show", Old, (*call).getUser},
		{"GET", "users/:name", "users:show", Old, (*call).getUser},
		{"GET", "notifications", "", Old, (*call).notifications},
		{"PUT", "notifications/mark-read", "", Old, (*call).markRead},
	}
}

func chatRoutes() []route {
	return []route{
		{"GET", "chat/api/me/channels", "", Old, (*call).myChannels},
		{"GET", "chat/api/me/threads", "", Mid, (*call).myThreads},
		{"GET", "chat/api/channels", "", Old, (*call).allChannels},
		{"GET", "chat/api/channels/#channel", "", Old, (*call).getChannel},
		{"GET", "chat/api/channels/#channel/messages", "", Old, (*call).channelMessages},
		{"GET", "chat/api/channels/#channel/threads", "", Mid, (*call).channelThreads},
		{"GET", "chat/api/channels/#channel/threads/#thread/messages", "", Mid, (*call).threadMessages},
		{"POST", "chat/api/channels/#channel/memberships/me", "", Old, (*call).joinChannel},
		{"PUT", "chat/api/channels/#channel/messages/#message", "", Old, (*call).editChat},
		{"DELETE", "chat/api/channels/#channel/messages/#message", "", Old, (*call).deleteChat},
		{"PUT", "chat/api/channels/#channel/read", "", Old, (*call).readChannel},
		{"POST", "chat/api/direct-message-channels", "", Old, (*call).openDirect},
		{"PUT", "chat/#channel/react/#message", "", Old, (*call).reactChat},
		{"POST", "chat/#channel", "chat:create_message", Old, (*call).sendChat},
	}
}

// Routes returns method and pattern of everything the forum answers, as
// "GET /t/#id/posts".
func (f *Forum) Routes() []string {
	var out []string
	for _, r := range f.routes {
		out = append(out, r.method+" /"+r.pattern)
	}
	return out
}

// find returns the route of a path without its suffix, and its named pieces.
func (f *Forum) find(method, path string) (*route, map[string]string) {
	pieces := strings.Split(strings.Trim(path, "/"), "/")
	for i := range f.routes {
		r := &f.routes[i]
		if r.method != method || f.o.Mode < r.since {
			continue
		}
		if named, ok := match(r.pattern, pieces); ok {
			return r, named
		}
	}
	return nil, nil
}

func match(pattern string, pieces []string) (map[string]string, bool) {
	want := strings.Split(pattern, "/")
	if len(want) != len(pieces) {
		return nil, false
	}
	named := map[string]string{}
	for i, w := range want {
		switch w[0] {
		case '#':
			if _, err := strconv.ParseInt(pieces[i], 10, 64); err != nil {
				return nil, false
			}
			named[w[1:]] = pieces[i]
		case ':':
			named[w[1:]] = pieces[i]
		default:
			if w != pieces[i] {
				return nil, false
			}
		}
	}
	return named, true
}
