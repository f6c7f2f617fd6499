// Package contribution works out what co-ops give to what they share: the models that the network has used, voted on
// or talked about, each with its formula, rounding, source and standing.
//
// The facts are data (models.json); one short function a model does the sum (sums.go). All of it is whole pence and
// exact fractions of bot/money, and pure.
//
//	Calc("workers_coop_subscription", {"payroll": "£320k"}) → £320.00
//	Compare({"members": "9", "payroll": "£320k"})           → every model side by side
//	Subs("320000")                                          → the short form for workers.coop
//
// Inputs go by the names in models.json. One that ends in _pence is whole pence; without that ending it is an amount
// as people write it, so labour_pence=22500000 and labour=£225k are the same. In the same way fte=7.5 is
// fte_hundredths=750. Lists and objects are JSON.
package contribution
