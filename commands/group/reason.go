package group

import (
	"fmt"
	"strings"

	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/commands/group/health"
)

// words of the signals, as they follow "there is" or stand in a list.
var signalWords = map[health.Signal]string{
	health.Silence:    "nobody has written for longer than usual",
	health.NoDate:     "no date for the next meeting",
	health.PutOff:     "two meetings in a row were put off",
	health.NotMet:     "no meeting for much longer than its rhythm",
	health.FewVoices:  "half as many people write as before",
	health.Actions:    "actions are overdue",
	health.Minutes:    "no minutes of the last meeting",
	health.NoConvenor: "nobody calls the meetings",
	health.Hanging:    "a question is waiting for an answer",
}

// reasons lists what is missing and since when: "no date for the next meeting
// (since Mon 29 Apr)"; "nothing is missing" if so.
func reasons(s health.Status, today when.Date) string {
	var all []string
	for _, sig := range order {
		if s.Has(sig) {
			all = append(all, fmt.Sprintf("%s (since %s)", signalWords[sig], when.SayDateShort(s.On[sig], today)))
		}
	}
	if len(all) == 0 {
		return "nothing is missing"
	}
	return strings.Join(all, "; ")
}

// stateWord is a state with its sign.
func stateWord(s health.State) string {
	return map[health.State]string{health.Fine: "🙂 fine", health.Watch: "👀 something is missing", health.Quiet: "🌙 quiet",
		health.Resting: "💤 resting", health.Closed: "🕊 closed"}[s]
}
