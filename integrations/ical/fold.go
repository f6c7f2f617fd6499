package ical

import "unicode/utf8"

// lineLength is how many octets a line may have without its end (RFC 5545, 3.1).
const lineLength = 75

// fold ends the line that begins at start, broken into several if it is
// long. It counts octets and never splits a letter.
func (f *file) fold(start int) {
	if len(f.out)-start > lineLength {
		long := string(f.out[start:])
		f.out = f.out[:start]
		for room := lineLength; len(long) > room; room = lineLength - 1 {
			cut := room
			for cut > 1 && !utf8.RuneStart(long[cut]) {
				cut--
			}
			f.out = append(f.out, long[:cut]...)
			f.out = append(f.out, "\r\n "...)
			long = long[cut:]
		}
		f.out = append(f.out, long...)
	}
	f.out = append(f.out, '\r', '\n')
}
