// Wall clocks and instants. An instant is a `Date`; a day is "YYYY-MM-DD", a time "HH:MM", both in a named zone.
import { language } from "./strings.js";

// English for everybody, not for one country: day before month, and a clock of 24 hours.
const locale = language === "en" ? "en-GB" : language;
const formats = new Map();

/** @param {string} zone @param {Intl.DateTimeFormatOptions} options */
function format(zone, options) {
  const key = zone + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(locale, { timeZone: zone, ...options }));
  return formats.get(key);
}

/** @param {Date} instant @param {string} zone @returns {{day: string, time: string, minute: number}} */
export function wallClock(instant, zone) {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
  }).formatToParts(instant);
  const part = Object.fromEntries(parts.map((p) => [p.type, p.value]));
  return {
    day: `${part.year}-${part.month}-${part.day}`,
    time: `${part.hour}:${part.minute}`,
    minute: Number(part.hour) * 60 + Number(part.minute),
  };
}

/**
 * The instant at which the clocks of a zone show this; the first of two when they are put back.
 * @returns {Date | null} null when no clock shows it, because clocks are put forward over it
 */
export function instantAt(day, time, zone) {
  const asUTC = Date.parse(`${day}T${time}:00Z`);
  // The offset lies within a day of UTC; trying those around the time finds every possible one.
  const offsets = [-24, 0, 24].map((hours) => {
    const near = new Date(asUTC + hours * 3600_000);
    const clock = wallClock(near, zone);
    return Date.parse(`${clock.day}T${clock.time}:00Z`) - Math.floor(near.getTime() / 60_000) * 60_000;
  });
  const candidates = [...new Set(offsets)].map((offset) => asUTC - offset).sort((a, b) => a - b);
  for (const candidate of candidates) {
    const clock = wallClock(new Date(candidate), zone);
    if (clock.day === day && clock.time === time) return new Date(candidate);
  }
  return null;
}

/** @param {string} day @param {number} count @returns {string} the day that many days later */
export function dayAfter(day, count = 1) {
  const date = new Date(`${day}T12:00:00Z`);
  date.setUTCDate(date.getUTCDate() + count);
  return date.toISOString().slice(0, 10);
}

/** The start of a day, which is not always 00:00 where clocks change at midnight. */
export function startOfDay(day, zone) {
  return instantAt(day, "00:00", zone) ?? instantAt(day, "01:00", zone);
}

/** @param {string} day @param {Intl.DateTimeFormatOptions} options how to write it */
export function writeDay(day, options) {
  return format("UTC", options).format(new Date(`${day}T12:00:00Z`));
}

export const writeTime = (instant, zone) => format(zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(instant);

export const writeDate = (instant, zone) => format(zone, { weekday: "short", day: "numeric", month: "short" }).format(instant);

/** "Thu, 12 Jun, 10:00 – 11:00" */
export function writeRange(start, end, zone) {
  return `${writeDate(start, zone)}, ${writeTime(start, zone)} – ${writeTime(end, zone)}`;
}

/** "Europe/London" as a person says it: "London". */
export const city = (zone) => zone.split("/").at(-1).replaceAll("_", " ");

/** Whether two zones show the same time at this instant. */
export function sameClock(instant, one, other) {
  if (one === other) return true;
  const a = wallClock(instant, one), b = wallClock(instant, other);
  return a.time === b.time && a.day === b.day;
}

/** The time in one zone seen from another: "18:00", or "00:30 +1" when it is the next day there. */
export function timeSeenFrom(instant, zone, home) {
  const there = wallClock(instant, zone).day, here = wallClock(instant, home).day;
  return writeTime(instant, zone) + (there > here ? " +1" : there < here ? " −1" : "");
}
