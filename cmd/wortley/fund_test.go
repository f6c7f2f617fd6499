package main

import (
	"os"
	"strings"
	"testing"
)

const someBooks = `2025-02-01 * Subscriptions
    assets:bank                                £832.00
    income:subscriptions:AgileCollective      £-416.00
    income:subscriptions:Outlandish

2025-05-30 * Hosting
    expenses:hosting                           £110.10
    assets:bank
`

// TestFundBooks brings books in, with a mistake first, and writes them again.
func TestFundBooks(t *testing.T) {
	elsewhere(t)
	wrong := strings.Replace(someBooks, "£110.10\n    assets:bank", "£110.10\n    assets:bank  £-110.00\n    what", 1)
	for name, text := range map[string]string{"good.journal": someBooks, "wrong.journal": wrong, "members.csv": "coop,contribution\nOutlandish,£416\n", "bad.csv": "coop,contribution\nOutlandish,lots\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	wortley(t, "", "import", "fund", "missing.journal").wants(t, exitOperator, "", "no such file")
	wortley(t, "", "import", "fund", "-y", "wrong.journal").wants(t, exitOperator, "", "nothing was imported")
	wortley(t, "", "import", "fund", "-y", "bad.csv").wants(t, exitOperator, "", "bad.csv: line 2: Outlandish")
	wortley(t, "n\n", "import", "fund", "good.journal").wants(t, exitFine, "Balance: £721.90", "")
	wortley(t, "", "export", "fund", "--books").wants(t, exitWrong, "", "there are no books yet")
	wortley(t, "y\n", "import", "fund", "good.journal").wants(t, exitFine, "2025: £832.00 in, £110.10 out", "")
	wortley(t, "", "import", "fund", "-y", "good.journal").wants(t, exitFine, "I have these books already", "")
	wortley(t, "", "import", "fund", "-y", "good.journal", "members.csv").wants(t, exitFine, "Outlandish: £416.00 a year", "")
	wortley(t, "", "import", "fund", "-y", "members.csv", "wrong.journal").wants(t, exitOperator, "", "wrong.journal: line 9")
	wortley(t, "", "import", "fund", "-y", "good.journal", "good.journal").wants(t, exitOperator, "", "one ledger and one members.csv")
	wortley(t, "", "export", "fund", "--books").wants(t, exitFine, "income:subscriptions:Outlandish           GBP -416.00", "")
	wortley(t, "", "export", "fund", "--books", "--format", "beancount").wants(t, exitFine, "Income:Subscriptions:Outlandish", "")
	wortley(t, "", "export", "fund", "--format", "csv").wants(t, exitFine, "books,", "")
	wortley(t, "", "export", "fund", "--books", "--format", "csv").wants(t, exitCall, "", "books are written for hledger or beancount")
	wortley(t, "", "export", "fund", "-o", "out.journal").wants(t, exitFine, "", "")
	wortley(t, "", "export", "fund", "-o", "out.journal").wants(t, exitWrong, "", "file exists")
}
