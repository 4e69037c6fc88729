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
  const part = Object.fromEntries(clockOf(zone).formatToParts(instant).map(({ type, value }) => [type, value]));
  return {
    day: `${part.year.padStart(4, "0")}-${part.month}-${part.day}`,
    time: `${part.hour}:${part.minute}`,
    minute: Number(part.hour) * 60 + Number(part.minute),
  };
}

const clocks = new Map();
function clockOf(zone) {
  if (!clocks.has(zone)) {
    clocks.set(zone, new Intl.DateTimeFormat("en-US", {
      timeZone: zone, calendar: "gregory", numberingSystem: "latn", hourCycle: "h23",
      year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
    }));
  }
  return clocks.get(zone);
}

/**
 * The day in a text that anybody may have written, such as the address of this page.
 * @returns {string | null} null for what is no day of the calendar, or none of this or the next century
 */
export function readDay(text) {
  if (!/^2[01]\d\d-\d\d-\d\d$/.test(text ?? "")) return null;
  const date = new Date(`${text}T12:00:00Z`);
  return !isNaN(date) && date.toISOString().startsWith(text) ? text : null;
}

/** The time in such a text: "09:30" for "9:30" and "09:30:00"; null for what is no time. */
export function readTime(text) {
  const [, hour, minute] = /^(\d{1,2}):(\d\d)(?::\d\d(?:\.\d+)?)?$/.exec(text ?? "") ?? [];
  return Number(hour) < 24 && Number(minute) < 60 ? `${hour.padStart(2, "0")}:${minute}` : null;
}

/** By how many minutes the clocks of a zone are ahead of UTC. */
function offsetAt(instant, zone) {
  const clock = wallClock(instant, zone);
  return Date.parse(`${clock.day}T${clock.time}:00Z`) / 60_000 - Math.floor(instant.getTime() / 60_000);
}

/** "UTC+01:00" */
export function writeOffset(instant, zone) {
  const minutes = offsetAt(instant, zone);
  const two = (number) => String(Math.floor(number)).padStart(2, "0");
  return `UTC${minutes < 0 ? "−" : "+"}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
}

const nearDays = [-24, 24].map((hours) => hours * 3600_000);

/**
 * The instants at which the clocks of a zone show this: two within an hour that clocks are put back over, and none
 * within one that they are put forward over, or for what is no day or no time.
 * @returns {Date[]} the earlier one first
 */
export function instantsAt(day, time, zone) {
  const asUTC = readDay(day) && readTime(time) ? Date.parse(`${day}T${readTime(time)}:00Z`) : NaN;
  if (isNaN(asUTC)) return [];
  // The offset lies within a day of UTC; trying those around the time finds every possible one.
  const offsets = [0, ...nearDays].map((near) => offsetAt(new Date(asUTC + near), zone));
  const candidates = [...new Set(offsets)].map((offset) => asUTC - offset * 60_000).sort((a, b) => a - b);
  return candidates.map((candidate) => new Date(candidate)).filter((candidate) => {
    const clock = wallClock(candidate, zone);
    return clock.day === day && clock.time === readTime(time);
  });
}

/** The first of them; null when there is none. */
export const instantAt = (day, time, zone) => instantsAt(day, time, zone)[0] ?? null;

/** Whether the clocks of a zone show the same at another instant, too. */
function isDoubled(instant, zone) {
  const offset = offsetAt(instant, zone);
  return nearDays.some((near) => {
    const other = offsetAt(new Date(instant.getTime() + near), zone);
    return other !== offset && offsetAt(new Date(instant.getTime() + (offset - other) * 60_000), zone) === other;
  });
}

/** @param {string} day @param {number} count @returns {string} the day that many days later */
export function dayAfter(day, count = 1) {
  const date = new Date(`${day}T12:00:00Z`);
  date.setUTCDate(date.getUTCDate() + count);
  return date.toISOString().slice(0, 10);
}

/** The start of a day, which is not always 00:00 where clocks change at midnight. */
export function startOfDay(day, zone) {
  return instantAt(day, "00:00", zone) ?? instantAt(day, "01:00", zone) ?? new Date(`${day}T00:00:00Z`);
}

const thisYear = (zone) => wallClock(new Date(), zone).day.slice(0, 4);

/** @param {string} day @param {Intl.DateTimeFormatOptions} options how to write it; the year is added to a month of another */
export function writeDay(day, options) {
  const year = options.month && !day.startsWith(thisYear("UTC")) ? { year: "numeric" } : {};
  return format("UTC", { ...year, ...options }).format(new Date(`${day}T12:00:00Z`));
}

/** "09:00"; "02:30 (UTC+02:00)" within an hour that comes twice. */
export const writeTime = (instant, zone) => wallClock(instant, zone).time + (isDoubled(instant, zone) ? ` (${writeOffset(instant, zone)})` : "");

/** "Thu, 12 Jun", with the year when it is another one or `withYear`. */
export function writeDate(instant, zone, { withYear = false } = {}) {
  const year = withYear || wallClock(instant, zone).day.slice(0, 4) !== thisYear(zone) ? { year: "numeric" } : {};
  return format(zone, { weekday: "short", day: "numeric", month: "short", ...year }).format(instant);
}

/** "Thu, 12 Jun, 10:00 – 11:00" */
export function writeRange(start, end, zone) {
  return `${writeDate(start, zone)}, ${writeTime(start, zone)} – ${writeTime(end, zone)}`;
}

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
