package discourse

import "strings"

// emojiNames are the forum's names of emoji that people answer with.
var emojiNames = map[string]string{
	"white_check_mark": "✅", "heavy_check_mark": "✔", "ballot_box_with_check": "☑",
	"x": "❌", "heavy_multiplication_x": "✖", "no_entry_sign": "🚫", "negative_squared_cross_mark": "❎",
	"+1": "👍", "thumbsup": "👍", "-1": "👎", "thumbsdown": "👎", "shrug": "🤷", "person_shrugging": "🤷",
	"heart": "❤", "tada": "🎉", "eyes": "👀", "clap": "👏", "raised_hands": "🙌", "raising_hand": "🙋", "pray": "🙏", "wave": "👋",
	"rocket": "🚀", "open_mouth": "😮", "laughing": "😆", "joy": "😂", "smile": "😄", "slightly_smiling_face": "🙂", "cry": "😢",
	"thinking": "🤔", "question": "❓", "hand": "✋", "raised_hand": "✋", "ok_hand": "👌", "fire": "🔥", "100": "💯",
	"one": "1⃣", "two": "2⃣", "three": "3⃣", "four": "4⃣", "five": "5⃣", "six": "6⃣", "seven": "7⃣", "eight": "8⃣", "nine": "9⃣", "keycap_ten": "🔟",
	"seedling": "🌱", "star": "⭐", "hourglass": "⌛", "calendar": "📆", "pushpin": "📌", "warning": "⚠", "bell": "🔔", "no_bell": "🔕",
}

// emoji returns the sign that the forum calls name, or ":name:".
func emoji(name string) string {
	name, _, _ = strings.Cut(name, ":t") // skin tones: "+1:t3"
	if sign, ok := emojiNames[name]; ok {
		return sign
	}
	return ":" + name + ":"
}

var emojiSigns = func() map[string]string {
	signs := map[string]string{}
	for name, sign := range emojiNames {
		if old := signs[sign]; old == "" || name < old {
			signs[sign] = name
		}
	}
	return signs
}()

// emojiName returns what the forum calls a sign; a heart for those it has no
// name for here.
func emojiName(sign string) string {
	sign = strings.Trim(strings.Map(func(r rune) rune {
		if r == '\uFE0F' || r == '\uFE0E' {
			return -1
		}
		return r
	}, sign), ":")
	if name, ok := emojiSigns[sign]; ok {
		return name
	}
	if sign != "" && sign[0] < 0x80 {
		return sign
	}
	return "heart"
}
