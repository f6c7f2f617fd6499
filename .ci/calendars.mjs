// Reads calendar files with ical.js, the reader of Thunderbird and Nextcloud,
// and compares the moments it finds with the .utc file beside each.
// Usage: node calendars.mjs <folder with node_modules> FILE.ics…
import { readFileSync, existsSync } from 'node:fs';
import { createRequire } from 'node:module';

const [, , modules, ...files] = process.argv;
const ICAL = (await import(createRequire(modules + '/').resolve('ical.js'))).default;
let failed = 0;

function moment(t, zones) {
	if (t.isDate) return t.toString();
	const own = zones[t.timezone];
	if (own) t.zone = own;
	return t.toJSDate().toISOString().slice(0, 16) + 'Z';
}

for (const file of files) {
	try {
		const calendar = new ICAL.Component(ICAL.parse(readFileSync(file, 'utf8')));
		const zones = {};
		for (const z of calendar.getAllSubcomponents('vtimezone')) {
			const zone = new ICAL.Timezone(z);
			zones[zone.tzid] = zone;
		}
		const found = calendar.getAllSubcomponents('vevent').map((v) => {
			const e = new ICAL.Event(v);
			if (!e.uid || !e.startDate) throw new Error('an event without UID or start');
			return `${moment(e.startDate, zones)} ${moment(e.endDate, zones)} ${e.uid}`;
		});
		const want = file.replace(/\.ics$/, '.utc');
		if (existsSync(want)) {
			const lines = readFileSync(want, 'utf8').trim().split('\n').filter(Boolean);
			lines.forEach((line, i) => { if (line !== found[i]) throw new Error(`ical.js reads "${found[i]}", want "${line}"`); });
			if (lines.length !== found.length) throw new Error(`ical.js finds ${found.length} events, want ${lines.length}`);
		}
		console.log(`${file}: ${found.length} events`);
	} catch (err) {
		console.log(`${file}: ${err.message}`);
		failed++;
	}
}
process.exit(failed ? 1 : 0);
