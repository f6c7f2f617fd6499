package group

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"

	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/commands/group/health"
	"golang.org/x/image/font" // letters in the picture; plotting libraries bring megabytes of fonts for a grid of squares
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"
)

// A row of the picture is a group and its state at the end of each week, ""
// for weeks before it began.
type row struct {
	name   string
	states []health.State
}

// The picture's measures, in pixels.
const (
	cell   = 18
	names  = 250 // width of the column of names
	margin = 14
	header = 40
	legend = 34
	most   = 60 // rows
)

// shades can be told apart without colour, from light to dark.
var shades = map[health.State]color.RGBA{
	health.Fine:    {0xb7, 0xe1, 0xc0, 0xff},
	health.Watch:   {0xf6, 0xc8, 0x5f, 0xff},
	health.Quiet:   {0x6f, 0x4e, 0x7c, 0xff},
	health.Resting: {0xcf, 0xd8, 0xe3, 0xff},
	health.Closed:  {0x8a, 0x8a, 0x8a, 0xff},
}

var shown = []health.State{health.Fine, health.Watch, health.Quiet, health.Resting, health.Closed}

// picture draws groups against weeks as a PNG; last is the last week's Monday.
func picture(rows []row, last when.Date) ([]byte, error) {
	rows = rows[:min(len(rows), most)]
	weeks := 0
	for _, r := range rows {
		weeks = max(weeks, len(r.states))
	}
	width := max(2*margin+names+weeks*cell, 2*margin+len(shown)*110)
	img := image.NewRGBA(image.Rect(0, 0, width, header+len(rows)*cell+legend+margin))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	months(img, weeks, last)
	for i, r := range rows {
		y := header + i*cell
		write(img, margin, y+13, ascii(r.name, 34))
		for w, s := range r.states {
			square(img, margin+names+w*cell, y, s)
		}
	}
	for i, s := range shown {
		x, y := margin+i*110, header+len(rows)*cell+12
		square(img, x, y, s)
		write(img, x+cell+4, y+13, string(s))
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		return nil, fmt.Errorf("group: draw groups: %w", err)
	}
	return out.Bytes(), nil
}

// months writes the name of each month above its first week.
func months(img draw.Image, weeks int, last when.Date) {
	for w := range weeks {
		monday := last.AddDays(-7 * (weeks - 1 - w))
		if monday.Day <= 7 {
			write(img, margin+names+w*cell, header-10, monday.Month.String()[:3])
		}
	}
}

func square(img draw.Image, x, y int, s health.State) {
	c, known := shades[s]
	if !known {
		return
	}
	draw.Draw(img, image.Rect(x+1, y+1, x+cell-1, y+cell-1), image.NewUniform(c), image.Point{}, draw.Src)
}

func write(img draw.Image, x, y int, text string) {
	d := font.Drawer{Dst: img, Src: image.Black, Face: basicfont.Face7x13, Dot: fixed.P(x, y)}
	d.DrawString(text)
}

// ascii shortens a name to letters that the picture's font has.
func ascii(s string, n int) string {
	var kept []rune
	for _, r := range s {
		if r < 0x20 || r > 0x7e {
			r = '?'
		}
		kept = append(kept, r)
	}
	if len(kept) > n {
		kept = append(kept[:n-1], '.')
	}
	return string(kept)
}
