package main

import (
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"git.coop/cotech/wortley/storage"
)

// Config is every setting. The tags are the one place where its name, default
// and meaning are written: the file that init writes and the table in
// docs/configuration.md are made from them.
type Config struct {
	Name         string   `yaml:"name" default:"wortley" doc:"What the bot answers to, beside the exclamation mark: wortley: whohas drupal."`
	Zone         string   `yaml:"zone" default:"Europe/London" doc:"The time zone in which it reads and shows times."`
	Data         string   `yaml:"data" default:"data" init:"show" doc:"The folder for everything it remembers. Only one process at a time can use it."`
	Coordinators []string `yaml:"coordinators" init:"show" doc:"Who looks after the network: Matrix users as @ana:example.org, forum users as hub:ana, where hub is the name of the forum. Whoever is taken off this list is no longer one after the next start."`
	Operator     string   `yaml:"operator" init:"show" doc:"Who runs the bot and answers for it, named in !privacy: Autonomic, bot@example.org."`
	HelpInRooms  bool     `yaml:"help_in_rooms" default:"no" doc:"Whether a bare !help is answered in shared rooms. In direct messages it always is, as is help for one word."`
	Ignore       []string `yaml:"ignore" doc:"Users who are never answered, such as other bots."`
	Ping         string   `yaml:"ping" doc:"An address that is fetched every five minutes while all is well. A watcher there that misses it raises the alarm."`

	Limits struct {
		PerPerson int `yaml:"per_person" default:"30" doc:"Commands a minute that one person may give; 0 for no limit."`
	} `yaml:"limits"`

	Broadcasts struct {
		PerSecond  float64 `yaml:"per_second" default:"0.2" doc:"How many rooms a second a newsletter or an announcement goes to, below what the homeserver lets one account say; 0 for no limit. The usual limit of Synapse is 0.2."`
		Burst      int     `yaml:"burst" default:"10" doc:"How many rooms it goes to at once before that."`
		Everywhere bool    `yaml:"everywhere" default:"no" doc:"Whether announcements go to every shared room the bot is in, not only to those that asked with !news here."`
		Undo       int     `yaml:"undo" default:"60" doc:"Minutes in which a newsletter or an announcement can be taken back everywhere."`
		SecondCoop bool    `yaml:"second_coop" default:"no" doc:"Whether somebody of another co-op has to confirm it."`
	} `yaml:"broadcasts"`

	Newsletter struct {
		Title    string   `yaml:"title" default:"Newsletter" doc:"What it is called: CoTech newsletter."`
		Sections []string `yaml:"sections" default:"Welcome, Get involved, Featured co-op, News, Dates, Call notes" doc:"Its sections, in their order."`
		Day      int      `yaml:"day" default:"25" doc:"The day of the month by whose noon items are in; the working day before where it is none."`
		Forums   []string `yaml:"forums" doc:"The forum categories where it becomes a topic, each as hub:16: the name of the forum and the number of the category."`
		Tags     []string `yaml:"tags" default:"newsletter" doc:"Forum topics with one of these tags propose themselves for it."`
		Stars    string   `yaml:"stars" default:"convenor" doc:"Who may propose a message with a star in rooms that allow it: member, convenor or coordinator."`
	} `yaml:"newsletter"`

	Retention struct {
		Words int `yaml:"words" default:"30" doc:"Days after which the words of commands and answers are forgotten."`
		Rows  int `yaml:"rows" default:"90" doc:"Days after which it is forgotten that there was a command at all. Until then nothing is answered twice. At least as many as retention.words."`
	} `yaml:"retention"`

	Backups struct {
		Folder string `yaml:"folder" default:"backups" doc:"Where a verified backup is written every night, within the data folder unless the path is absolute; off for none."`
		Keep   int    `yaml:"keep" default:"7" doc:"How many of them are kept."`
	} `yaml:"backups"`

	Web struct {
		Addr          string `yaml:"addr" default:"127.0.0.1:8008" doc:"Where health, metrics and pages are served; off for nowhere."`
		MetricsPublic bool   `yaml:"metrics_public" default:"no" doc:"Whether /metrics is shown to others than this machine."`
		BaseURL       string `yaml:"base_url" doc:"Where people reach those pages, as https://bot.example.org. Without it nobody is offered a calendar or another page."`
	} `yaml:"web"`

	CalDAV struct {
		URL      string `yaml:"url" doc:"A calendar on a CalDAV server, such as Nextcloud, in which all meetings are kept too: https://cloud.example.org/remote.php/dav/calendars/wortley/network/."`
		User     string `yaml:"user" doc:"The bot's account there."`
		Password string `yaml:"password" secret:"yes" doc:"Its password, best one for this program alone."`
	} `yaml:"caldav"`

	Meetings struct {
		Events bool `yaml:"events" default:"no" doc:"Whether the forum has the calendar plugin, so that meetings are announced there with [event …], to which people can say that they come. Without it each reader sees the time in their own zone."`
	} `yaml:"meetings"`

	Minutes struct {
		Category string `yaml:"category" doc:"The forum and the number of its category where minutes are published, as hub:7, for groups that have no place of their own on a forum."`
	} `yaml:"minutes"`

	Log struct {
		Level  string `yaml:"level" default:"info" doc:"debug, info, warn or error."`
		Format string `yaml:"format" default:"text" doc:"text or json, one line each on standard error."`
	} `yaml:"log"`

	Feeds struct {
		Delay int  `yaml:"delay" default:"60" doc:"Seconds that a new forum topic waits before a room is told of it, so that moderators can act first."`
		Quiet bool `yaml:"quiet" default:"yes" doc:"Whether rooms are told nothing between 20:00 and 08:00, at weekends and on holidays; what is new then is told together afterwards."`
	} `yaml:"feeds"`

	Matrix struct {
		Homeserver   string   `yaml:"homeserver" init:"show" doc:"The server's address, as https://matrix.example.org. Found by the user's server if it is left out."`
		User         string   `yaml:"user" init:"show" doc:"The bot's account, as @wortley:example.org."`
		Password     string   `yaml:"password" secret:"yes" doc:"Its password."`
		Token        string   `yaml:"token" secret:"yes" doc:"A ready access token instead of a password; its device is used."`
		DeviceName   string   `yaml:"device_name" default:"Wortley" doc:"How the bot's device is shown to people."`
		Invites      []string `yaml:"invites" init:"show" doc:"Whose invitations it accepts: users (@ana:example.org), everybody on a server (example.org), or to certain rooms (!abc:example.org). Every other is declined."`
		Encryption   string   `yaml:"encryption" default:"on" doc:"off to neither read nor write in encrypted rooms."`
		PickleKey    string   `yaml:"pickle_key" secret:"yes" doc:"Protects the keys in the database. Choose it before the first start and do not change it; a built-in one is used if it is left out."`
		RecoveryKey  string   `yaml:"recovery_key" secret:"yes" doc:"The account's recovery key, with which the bot signs its own device, so that people see it as verified."`
		RecoveryFile string   `yaml:"recovery_file" default:"matrix-recovery-key" doc:"Where the recovery key is read, and is written at the first start if the account has none yet; within the data folder unless the path is absolute."`
	} `yaml:"matrix"`

	Fund struct {
		Announce         string `yaml:"announce" doc:"Where proposals to the fund are announced: a Matrix room as !abc:example.org, or a topic or category of a forum as hub:42 or hub:category/7. The room they are made in if it is left out."`
		Topics           string `yaml:"topics" doc:"A category of a forum, as hub:category/7, in which a topic is opened for each proposal that has no link to one. None is opened if it is left out."`
		Currency         string `yaml:"currency" default:"GBP" doc:"The one currency in which the fund is kept."`
		Cap              string `yaml:"cap" doc:"The most that a co-op may pledge to one proposal, as in £500. None if it is left out: how much is for the network to decide."`
		SecondAbove      string `yaml:"second_above" doc:"Above this amount (£1,000) a second person of the same co-op confirms a pledge. Never if it is left out."`
		AskAbove         string `yaml:"ask_above" doc:"Above this amount (£500) a pledge is asked about before it is written down. Never if it is left out."`
		ContributorsOnly bool   `yaml:"contributors_only" default:"no" doc:"Whether only co-ops that contributed in the last year of the books may object to a spend from the common fund."`
	} `yaml:"fund"`

	Mail mailSettings  `yaml:"mail"`
	LLM  modelSettings `yaml:"llm"`

	Forums   map[string]*Forum   `yaml:"forums"`
	Webhooks map[string]*Webhook `yaml:"webhooks"`
}

// check returns what is wrong with the values, by key.
func (c *Config) check() map[string]string {
	wrong := map[string]string{}
	note := func(bad bool, key, text string) {
		if bad && wrong[key] == "" {
			wrong[key] = text
		}
	}
	_, err := time.LoadLocation(c.Zone)
	note(err != nil || c.Zone == "", "zone", fmt.Sprintf("%q is no time zone; want one like Europe/London", c.Zone))
	note(c.Data == "", "data", "a folder is needed")
	note(c.Name == "" || strings.ContainsAny(c.Name, " !:@"), "name", "want one word")
	note(c.Limits.PerPerson < 0, "limits.per_person", "want 0 or more")
	note(c.Broadcasts.PerSecond < 0, "broadcasts.per_second", "want 0 or more")
	note(c.Broadcasts.Burst < 1, "broadcasts.burst", "want at least 1")
	note(c.Broadcasts.Undo < 1, "broadcasts.undo", "want at least 1 minute")
	c.checkNewsletter(note)
	note(c.Retention.Words < 1, "retention.words", "want at least 1 day")
	note(c.Retention.Rows < c.Retention.Words, "retention.rows", "want at least as many days as retention.words")
	note(c.Backups.Keep < 1, "backups.keep", "want at least 1")
	note(c.Web.Addr != "off" && !isAddr(c.Web.Addr), "web.addr", fmt.Sprintf("%q is no address; want one like 127.0.0.1:8008, or off", c.Web.Addr))
	note(c.Web.BaseURL != "" && !isWebAddress(c.Web.BaseURL), "web.base_url", "want an address that begins with https://")
	note(c.CalDAV.URL != "" && !isWebAddress(c.CalDAV.URL), "caldav.url", "want an address that begins with https://")
	note(c.CalDAV.URL != "" && (c.CalDAV.User == "" || c.CalDAV.Password == ""), "caldav.password", "caldav.user and a password are needed, the latter best as WORTLEY_CALDAV_PASSWORD or WORTLEY_CALDAV_PASSWORD_FILE")
	note(c.Minutes.Category != "" && c.minutes().Forum.Site == "", "minutes.category", fmt.Sprintf("%q is no category; want the name of a forum and a number, as hub:7", c.Minutes.Category))
	note(!oneOf(c.Log.Level, "debug", "info", "warn", "error"), "log.level", "want debug, info, warn or error")
	note(!oneOf(c.Log.Format, "text", "json"), "log.format", "want text or json")
	note(c.Ping != "" && !isWebAddress(c.Ping), "ping", "want an address that begins with https://")
	for _, who := range c.Coordinators {
		_, _, ok := account(who)
		note(!ok, "coordinators", fmt.Sprintf("%q is neither a Matrix user like @ana:example.org nor a forum user like hub:ana", who))
	}
	note(c.Feeds.Delay < 0 || c.Feeds.Delay > 24*60*60, "feeds.delay", "want seconds, from 0 to a day of 86400")
	c.checkMatrix(note)
	c.checkFund(note)
	c.checkForums(note)
	c.checkMail(note)
	c.checkModel(note)
	c.checkWebhooks(note)
	return wrong
}

func (c *Config) checkMatrix(note func(bad bool, key, text string)) {
	m := c.Matrix
	note(m.User != "" && !isMatrixUser(m.User), "matrix.user", fmt.Sprintf("%q is no Matrix user; want one like @wortley:example.org", m.User))
	note(m.Homeserver != "" && !isWebAddress(m.Homeserver), "matrix.homeserver", "want an address that begins with https://")
	note(m.User != "" && m.Password == "" && m.Token == "", "matrix.password", "a password or matrix.token is needed, best as WORTLEY_MATRIX_PASSWORD or WORTLEY_MATRIX_PASSWORD_FILE")
	note(m.Password != "" && m.Token != "", "matrix.token", "there is a password too; want one of the two")
	note(!oneOf(m.Encryption, "on", "off"), "matrix.encryption", "want on or off")
	for _, who := range m.Invites {
		note(strings.ContainsAny(who, " /"), "matrix.invites", fmt.Sprintf("%q is no user, server or room", who))
	}
}

func isAddr(s string) bool {
	_, port, err := net.SplitHostPort(s)
	return err == nil && port != ""
}

func isWebAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

func isMatrixUser(s string) bool {
	name, server, ok := strings.Cut(s, ":")
	return ok && len(name) > 1 && name[0] == '@' && server != "" && !strings.ContainsAny(s, " \t")
}

func oneOf(s string, all ...string) bool {
	for _, a := range all {
		if s == a {
			return true
		}
	}
	return false
}

// account splits "@ana:example.org" and "hub:ana" into a site and a user.
func account(who string) (site, user string, ok bool) {
	if isMatrixUser(who) {
		return "matrix", who, true
	}
	forum, user, ok := strings.Cut(who, ":")
	return "discourse/" + forum, user, ok && forum != "" && user != "" && !strings.ContainsAny(who, "@ \t")
}

// database is the file in which everything is.
func (c *Config) database() string { return filepath.Join(c.Data, "wortley.db") }

// within returns a path that is taken to be in the data folder unless it is
// absolute, "" for off.
func (c *Config) within(path string) string {
	if path == "off" || path == "" {
		return ""
	}
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(c.Data, path)
}

// location is the zone; check has seen that there is one.
func (c *Config) location() *time.Location {
	loc, err := time.LoadLocation(c.Zone)
	if err != nil {
		panic("zone not checked: " + err.Error())
	}
	return loc
}

func (c *Config) retention() storage.Retention {
	const day = 24 * time.Hour
	return storage.Retention{Words: time.Duration(c.Retention.Words) * day, Rows: time.Duration(c.Retention.Rows) * day}
}
