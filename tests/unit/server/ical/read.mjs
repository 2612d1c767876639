// SPDX-License-Identifier: MIT
// node read.mjs ICAL.JS FILE: what ical.js makes of a calendar: a line for the calendar, then one for each event.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { default: ICAL } = await import(pathToFileURL(process.argv[2]));
const calendar = new ICAL.Component(ICAL.parse(readFileSync(process.argv[3], "utf8")));
const text = (component, name) => component.getFirstPropertyValue(name);

for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
console.log(["calendar", text(calendar, "name"), text(calendar, "x-wr-calname"), text(calendar, "refresh-interval")].join("\t"));
for (const component of calendar.getAllSubcomponents("vevent")) {
	const event = new ICAL.Event(component);
	const line = [
		event.uid,
		event.startDate.toUnixTime(),
		event.endDate.toUnixTime(),
		text(component, "status"),
		event.sequence,
		text(component, "dtstamp").toUnixTime(),
		text(component, "transp"),
		event.summary,
	];
	console.log(line.join("\t"));
}
