// Package meeting finds dates for groups and keeps them: it books, moves and
// cancels meetings and series, asks who is coming, reminds, and asks "when
// next?" while people are still together.
package meeting

import (
	"context"
	"log/slog"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// Options say how things are announced.
type Options struct {
	Log *slog.Logger

	// Events has forum announcements open with [event …], which sites with
	// the calendar plugin turn into a card; others get [date-range …].
	Events bool
}

// A desk looks after the meetings.
type desk struct {
	db *storage.DB
	Options
}

// New returns the feature over a database.
func New(db *storage.DB, o Options) bot.Feature {
	d := &desk{db: db, Options: o}
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	return bot.Feature{
		Name: "Meetings",
		Commands: []bot.Command{
			{Name: "meet", Aliases: []string{"meeting", "book"}, Usage: "<when> [title]", Short: "book a meeting, after a yes", Long: meetHelp, Effect: true, Run: d.meet, Sub: []bot.Command{
				{Name: "move", Usage: "[which] to <when>", Short: "another time for the next one", Effect: true, Run: d.move},
				{Name: "cancel", Usage: "[which] [why]", Short: "it will not be", Effect: true, Run: d.cancel},
				{Name: "postpone", Usage: "[to <when>] [why]", Short: "put it off; without a date I ask for one", Effect: true, Run: d.postpone},
				{Name: "confirm", Usage: "[which]", Short: "a proposed date stands", Effect: true, Run: d.confirm},
				{Name: "propose", Usage: "<when> [title]", Short: "a date that needs enough people to say yes", Effect: true, Run: d.propose},
				{Name: "link", Usage: "[which] <address>", Short: "where the call is", Effect: true, Run: d.link},
				{Name: "title", Usage: "[which] <words>", Short: "what it is about", Effect: true, Run: d.title},
			}},
			{Name: "next", Usage: "[group]", Short: "the next meeting, and its link", Run: d.next},
			{Name: "meetings", Usage: "[group | all]", Short: "what is coming up", Run: d.meetings},
			{Name: "yes", Aliases: []string{"coming"}, Usage: "[options]", Short: "you can come", Effect: true, Run: d.yes},
			{Name: "maybe", Usage: "[options]", Short: "you may be able to come; in a poll: if need be", Effect: true, Run: d.maybe},
			{Name: "no", Aliases: []string{"apologies", "sorry"}, Usage: "[options]", Short: "you cannot come", Effect: true, Run: d.no},
			{Name: "coming?", Aliases: []string{"whocomes", "rsvp"}, Hidden: true, Short: "who is coming", Run: d.whoComes},
			{Name: "poll", Aliases: []string{"when"}, Usage: "[dates]", Short: "find a date together", Long: pollHelp, Effect: true, Run: d.poll, Sub: []bot.Command{
				{Name: "add", Usage: "<when>", Short: "one more date", Effect: true, Run: d.pollAdd},
				{Name: "drop", Usage: "<number>", Short: "one date less", Effect: true, Run: d.pollDrop},
				{Name: "until", Usage: "<when>", Short: "when it is decided", Effect: true, Run: d.pollUntil},
				{Name: "needs", Usage: "<names>", Short: "people without whom no date wins", Effect: true, Run: d.pollNeeds},
				{Name: "close", Short: "decide now", Effect: true, Run: d.pollClose},
				{Name: "withdraw", Aliases: []string{"stop", "end"}, Short: "end it without a date", Effect: true, Run: d.pollWithdraw},
			}},
			{Name: "series", Usage: "[add|skip|stop|renew|theme …]", Short: "the group's rhythm", Long: seriesHelp, Run: d.series, Sub: []bot.Command{
				{Name: "add", Usage: "<how often>", Short: "begin a rhythm, after a yes", Effect: true, Run: d.seriesAdd},
				{Name: "list", Short: "what repeats", Hidden: true, Run: d.series},
				{Name: "skip", Usage: "[day]", Short: "no meeting that time", Effect: true, Run: d.seriesSkip},
				{Name: "stop", Aliases: []string{"end"}, Short: "end it, after a yes", Effect: true, Run: d.seriesStop},
				{Name: "renew", Short: "it goes on for another year", Effect: true, Run: d.renew},
				{Name: "theme", Usage: "every 3rd meeting is <theme>", Short: "what every so many meetings are about", Effect: true, Run: d.seriesTheme},
			}},
			{Name: "anchor", Usage: "[name day]", Short: "days that meetings hang on, as the board's", Effect: true, Run: d.anchor},
			{Name: "held", Usage: "[no]", Short: "the last meeting took place, or did not", Effect: true, Run: d.heldByWord},
			{Name: "facilitate", Usage: "[which]", Short: "you facilitate the next meeting", Effect: true, Run: d.facilitate},
			{Name: "notes", Aliases: []string{"notetaker"}, Usage: "[which]", Short: "you take notes at the next meeting", Effect: true, Run: d.notes},
			{Name: "rota", Usage: "[swap]", Short: "whose turn it is to facilitate and to take notes", Long: rotaHelp, Effect: true, Run: d.rota},
			{Name: "away", Usage: "<from – to>", Short: "when you cannot come to anything", Long: awayHelp, Effect: true, Run: d.away},
		},
		Actions: []bot.Action{
			{Name: "meeting.book", Run: d.book}, {Name: "meeting.unbook", Run: d.unbook},
			{Name: "meeting.choose", Run: d.choose}, {Name: "meeting.hours", Run: d.hours},
			{Name: "meeting.move", Run: d.moved}, {Name: "meeting.off", Run: d.off}, {Name: "meeting.was", Run: d.was},
			{Name: "meeting.answered", Run: d.unanswer}, {Name: "meeting.back", Run: d.back}, {Name: "meeting.role", Run: d.roleWas},
			{Name: "series.hours", Run: d.seriesHours}, {Name: "series.begin", Run: d.seriesBegin}, {Name: "series.drop", Run: d.seriesDrop},
			{Name: "series.unskip", Run: d.unskip}, {Name: "series.stop", Run: d.seriesStopped}, {Name: "series.resume", Run: d.resume},
			{Name: "series.was", Run: d.seriesWas}, {Name: "anchor.was", Run: d.anchorWas},
			{Name: "poll.offer", Run: d.takeOffer}, {Name: "meeting.away", Run: d.noteAway},
			{Name: "poll.drop", Run: d.dropPoll}, {Name: "poll.was", Run: d.pollWas}, {Name: "poll.voted", Run: d.unvote}, {Name: "poll.reopen", Run: d.pollReopen},
		},
		Tellers: []bot.Teller{{Kind: promiseKind, Tell: d.tell, TellAll: d.tellAll}, {Kind: pollKind, Tell: d.tellPoll}, {Kind: againKind, Tell: d.tellAgain},
			{Kind: renewKind, Tell: d.tellRenewal}},
		Touchers: []bot.Toucher{{Prefix: "meeting/", Touch: d.touch}, {Prefix: "poll/", Touch: d.touchPoll}, {Prefix: "series/", Touch: d.touchSeries}},
		Jobs:     []bot.Job{{Name: "meetings ahead", Every: 24 * time.Hour, At: 2 * time.Hour, Run: d.nightly}},
		Hears:    d.hears,
		Listen:   d.listen,
		Keeps:    "in rooms of working groups I look for dates in what is said, and forget the words at once; which meetings you said yes or no to, how you voted on dates, and when you said you are away (dropped 30 days after)",
		Forget:   func(ctx context.Context, p bot.Person) error { return d.db.ForgetMeetings(ctx, p.ID) },
	}
}

const meetHelp = "- `!meet Thu 16 Jan 2pm-3.30pm Mentoring`: I say how I understood it, and book it after a yes\n" +
	"- `!meet csd: Thu 16 Jan 14:00` from another room\n" +
	"- `!meet move to Thu 23 Jan`, `!meet postpone`, `!meet cancel nobody is free`\n" +
	"- `!meet propose Wed 18 Dec 15:30-17:00`: stands if enough people say yes\n" +
	"- `!meet link https://…`, `!meet title Budget`\n" +
	"Several dates to choose from: `!poll`. A rhythm: `!series`."

const awayHelp = "- `!away 22 July to 5 Aug`, `!away 13 Feb`\n" +
	"- `!away` shows what I know; `!away none` forgets it\n" +
	"Others see only that somebody cannot come, never why or who."
