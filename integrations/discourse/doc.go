// Package discourse talks to one Discourse forum: posts, personal messages,
// topics, lists, notifications, people, uploads and Chat.
//
// A [Client] reads with one key and writes with another, each bound to the
// same ordinary account, and asks no oftener than its [Governor] allows,
// because the forum's limit is for the whole site and not for us alone.
//
// It never tries a request again by itself: what to do after a failure
// depends on what was being done, and [Error] says what is known about it.
// An answer that may not have been made for the account is refused with
// [ErrNotMine], so that nobody moves a cursor past what it did not see.
//
// Three generations of servers are met in the wild; see [Generation].
// Everything is decoded leniently: only ids are needed.
package discourse
