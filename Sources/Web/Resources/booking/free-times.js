// What times suit everybody: asked of the server seven days at a time, and kept while the page is open.
import { call } from "../shared/api.js";
import { dayAfter, startOfDay, wallClock } from "../shared/clock.js";
import { grouped } from "./grouped.js";

export const daysAtOnce = 7;

/** @typedef {{starts: Date[], busy: {userId: string, start: Date, end: Date}[]}} Week `starts` are free, soonest first */

export class FreeTimes {
  /** @type {Map<string, Promise<Week>>} */
  #known = new Map();

  /** @param {string} zone whose days are meant */
  constructor(zone) { this.zone = zone; }

  /**
   * @param {string[]} users who must be free
   * @param {number} duration minutes
   * @param {string} day the first of the seven
   * @returns {Promise<Week>}
   */
  week(users, duration, day) {
    const key = [...users].sort().join() + `/${duration}/${day}`;
    if (!this.#known.has(key)) {
      const answer = this.#ask(users, duration, day);
      this.#known.set(key, answer);
      answer.catch(() => this.#known.delete(key));
    }
    return this.#known.get(key);
  }

  /** Forgets everything, because somebody has booked something. */
  forget() { this.#known.clear(); }

  async #ask(users, duration, day) {
    const answer = await call("/api/availability?" + new URLSearchParams({
      users: users.join(),
      from: startOfDay(day, this.zone).toISOString(),
      to: startOfDay(dayAfter(day, daysAtOnce), this.zone).toISOString(),
      duration: String(duration),
    }));
    const now = Date.now();
    return {
      starts: answer.items.map((item) => new Date(item.start)).filter((start) => start.getTime() > now).sort((a, b) => a - b),
      busy: (answer.busy ?? []).map((one) => ({ userId: one.userId, start: new Date(one.start), end: new Date(one.end) })),
    };
  }

  /** @param {Date[]} starts @returns {Map<string, Date[]>} by day */
  byDay(starts) {
    return grouped(starts, (start) => wallClock(start, this.zone).day);
  }
}
