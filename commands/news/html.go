package news

import "git.coop/cotech/wortley/bot"

func (p paper) htmlFile() (*bot.File, error) { return p.markdownFile(), nil }
