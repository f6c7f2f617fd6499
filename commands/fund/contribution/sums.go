package contribution

import (
	"fmt"

	"git.coop/cotech/wortley/bot/money"
)

// sum fills in a result that has its model's words already. A refusal of the inputs together is returned; overflow is
// the reckoner's.
type sum func(r *reckoner, m *Model, a args, out *Result) error

var sums = map[string]sum{
	"cotech_per_member_week": func(r *reckoner, m *Model, a args, out *Result) error {
		out.Minor = r.of(r.times(a["members"].n, a["weeks"].n), m.figure("pence a week"))
		return nil
	},
	"cotech_money_or_time": func(r *reckoner, m *Model, a args, out *Result) error {
		out.Minor = r.of(r.times(a["money_members"].n, a["weeks"].n), m.figure("pence a week"))
		out.setMinutes(r.of(r.times(a["time_members"].n, a["months"].n), m.figure("minutes a month")))
		return nil
	},
	"cotech_per_member_flat":     perHead,
	"cotech_labour_half_percent": levy("labour_pence", "levy"),
	"coordinator_commission":     levy("contract_pence", "commission"),
	"cotech_revenue_one_percent": levy("revenue_pence", "levy"),
	"workers_coop_subscription":  workersCoop,
	"arizmendi_development": func(r *reckoner, m *Model, a args, out *Result) error {
		// Rounding keeps the order, so the lower of the rounded arms is the lower arm rounded.
		ofRevenue := r.of(a["revenue_pence"].n, m.figure("of revenue"))
		ofProfit := r.of(a["profit_pence"].n, m.figure("of profit"))
		out.Minor = max(0, min(ofRevenue, ofProfit))
		return nil
	},
	"arizmendi_wage_per_20": func(r *reckoner, m *Model, a args, out *Result) error {
		fte, each := a["fte_hundredths"].n, 100*m.figure("people").Num
		if a["mode"].text == "steps" {
			out.Minor = r.times(a["wage_pence"].n, fte/each)
		} else {
			out.Minor = r.of(a["wage_pence"].n, Fraction{fte, each})
		}
		return nil
	},
	"seikatsu_monthly": func(r *reckoner, m *Model, a args, out *Result) error {
		out.Currency = "JPY"
		out.Minor = r.of(r.times(a["members"].n, a["months"].n), m.figure("yen a month"))
		rate := a["pence_per_1000_yen"].n
		out.note("About %v at %v for 1000 yen.", money.Pence(r.of(out.Minor, Fraction{rate, 1000})), money.Pence(rate))
		return nil
	},
	"mondragon_pooling": func(r *reckoner, m *Model, a args, out *Result) error {
		profit := max(0, a["profit_pence"].n)
		out.part(r, "sector", r.of(profit, Fraction{a["sector_percent"].n, 10000}))
		for _, name := range []string{"foundation", "education", "solidarity"} {
			out.part(r, name, r.of(profit, m.figure(name)))
		}
		return nil
	},
	"mondragon_loss_offset": func(r *reckoner, m *Model, a args, out *Result) error {
		out.Minor = min(r.of(a["loss_pence"].n, m.figure("of the loss")), a["available_profit_pence"].n)
		return nil
	},
	"vawc_dues_and_fund": func(r *reckoner, m *Model, a args, out *Result) error {
		out.part(r, "dues", r.of(a["revenue_pence"].n, m.figure("dues")))
		out.part(r, "fund", r.of(max(0, a["profit_pence"].n), m.figure("fund")))
		return nil
	},
	"enspiral_agreed": enspiral,
	"enspiral_gift_tax": func(r *reckoner, m *Model, a args, out *Result) error {
		out.Currency = "NZD"
		out.Minor = r.of(a["gift_pence"].n, m.figure("tax"))
		return nil
	},
	"radical_routes_hours": func(r *reckoner, m *Model, a args, out *Result) error {
		hundredths := r.of(r.times(a["hours_per_week"].n, a["weeks"].n), m.figure("minutes an hour"))
		if hundredths%100 != 0 {
			return refuse("hours_per_week does not make whole minutes; please give quarters of an hour")
		}
		out.setMinutes(hundredths / 100)
		return nil
	},
	"equal_pool": equalPool,
}

// levy is a plain fraction of one input.
func levy(input, figure string) sum {
	return func(r *reckoner, m *Model, a args, out *Result) error {
		out.Minor = r.of(a[input].n, m.figure(figure))
		return nil
	}
}

func perHead(r *reckoner, m *Model, a args, out *Result) error {
	coops, each := a["members_per_coop"].list, m.figure("pence a head")
	out.Minor = r.of(r.plus(coops...), each)
	out.note("If %v a co-op was meant: %v for %s.", money.Pence(each.Num), money.Pence(r.of(int64(len(coops)), each)), plural(len(coops), "co-op"))
	return nil
}

func workersCoop(r *reckoner, m *Model, a args, out *Result) error {
	net := max(r.of(r.plus(a["wages_pence"].n, a["paid_to_members_pence"].n), m.figure("subscription")), m.figure("least pence").Num)
	switch {
	case !a["pay_what_you_can"].flag:
	case a["years_member"].n < m.figure("years of choice").Num:
		net = a["offered_pence"].n
		out.note("Paid as one can; the offer is taken without VAT.")
	default:
		out.note("Paying what one can ends after two years, which we read as the second anniversary.")
	}
	vat := r.of(net, m.figure("vat"))
	if a["vat"].flag {
		out.part(r, "subscription", net)
		out.part(r, "vat", vat)
		return nil
	}
	out.Minor = net
	out.note("With 20 %% VAT: %v.", money.Pence(r.plus(net, vat)))
	return nil
}

func enspiral(r *reckoner, _ *Model, a args, out *Result) error {
	flat, isFlat := a["periods"]
	revenue, hasRevenue := a["revenue_pence"]
	percent, hasPercent := a["percent_hundredths"]
	switch {
	case isFlat && (hasRevenue || hasPercent):
		return refuse("give periods, or revenue_pence and percent_hundredths, not both")
	case !isFlat && !(hasRevenue && hasPercent):
		return refuse("periods, or revenue_pence and percent_hundredths, are missing")
	case isFlat:
		for _, p := range flat.periods {
			out.Minor = r.plus(out.Minor, r.times(p.months, p.monthly))
		}
	default:
		out.Minor = r.of(revenue.n, Fraction{percent.n, 10000})
		out.note("Reckoned with %s %% of revenue.", trimmed(percent.n))
	}
	return nil
}

func equalPool(_ *reckoner, _ *Model, a args, out *Result) error {
	out.Minor = a["total_pence"].n
	parts, err := money.Pence(out.Minor).Split(int(a["coops"].n))
	if err != nil {
		return fmt.Errorf("contribution: sharing: %w", err)
	}
	for _, p := range parts {
		out.Shares = append(out.Shares, p.Minor)
	}
	for i, name := range a["coops"].names {
		out.Parts = append(out.Parts, Part{name, out.Shares[i]})
	}
	return nil
}
