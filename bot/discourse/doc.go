// Package discourse is a [bot.Transport] over a forum that runs Discourse.
// People talk to the bot by mentioning it in a post, or in a personal message;
// it answers with a reply.
//
// A forum tells its news only to those who ask, so the transport asks again and
// again for all posts above a floor, the public ones and the personal messages.
// The floor follows ten minutes behind, because a post can appear later than
// one with a higher id, and because people correct what they have just
// written. Posts that were moved, copied or restored are not new, and are never
// obeyed.
//
// Every public post is also told as a [bot.Item], whomever it is for, and once
// a minute the lists of topics are compared with what they were: no list of
// posts shows another title, category or tag, or that a topic was unlisted.
//
// What the bot says ends with a mark that readers do not see, made from the
// post's key. By it a post is found again whose sending was cut short. A topic
// that the bot opens has the same key as its external id.
package discourse
