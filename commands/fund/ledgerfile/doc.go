// Package ledgerfile reads and writes the plain-text books of a fund: a ledger as hledger and ledger users keep it,
// the members.csv beside it, and the same books for beancount.
//
// The reader is strict. It understands what treasurers really write and nothing that would change a sum behind its
// back (included files, prices, automatic postings); whatever it does not understand is a [Problem] with its line.
// With any problem nothing is imported: there are no half books.
//
//	2021-03-01 * (INV-7) Subscriptions | nine members    ; comment
//	    assets:bank                     £468.00 = £3,341.07
//	    income:subscriptions:Outlandish                  ; one amount may be left out
//
// Everything is pure: text in, values out. Amounts are whole minor units of one currency.
package ledgerfile
