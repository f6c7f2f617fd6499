package directory

import _ "embed"

// SampleCSV is a real directory in the CSV form: 62 co-ops of one network, as
// its public pages showed them between 2019 and 2026. Each row says where it is
// from and how old its skills are.
//
//go:embed coops.csv
var SampleCSV []byte
