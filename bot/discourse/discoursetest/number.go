package discoursetest

import "strconv"

// id returns a number of the path, 0 if it is not there.
func (c *call) id(name string) int64 {
	n, _ := strconv.ParseInt(c.path[name], 10, 64)
	return n
}

func itoa(n int) string     { return strconv.Itoa(n) }
func itoa64(n int64) string { return strconv.FormatInt(n, 10) }
