// Any other time than the free ones: a date and a time typed in, and which of two where an hour comes twice.
import { dayAfter, instantsAt, readDay, wallClock, writeDay, writeOffset } from "../shared/clock.js";
import { make } from "../shared/dom.js";
import { say } from "../shared/strings.js";

/** How far ahead the server takes bookings, less a day for the clocks of others. */
const mostDays = 729;

export class TypedTime {
  /** @param {HTMLFormElement} form with fields `otherDay`, `otherTime` and `otherOffset` @param {string} zone */
  constructor(form, zone) {
    this.zone = zone;
    ({ otherDay: this.day, otherTime: this.time, otherOffset: this.which } = form.elements);
    this.twice = form.querySelector("#twice");
    this.day.min = wallClock(new Date(), zone).day;
    this.day.max = dayAfter(this.day.min, mostDays);
  }

  /** The last moment that may be chosen. */
  get last() { return instantsAt(this.day.max, "00:00", this.zone)[0] ?? new Date(`${this.day.max}T00:00:00Z`); }

  has(field) { return [this.day, this.time, this.which].includes(field); }

  /** @returns {{instant?: Date, wrong?: string}} neither while something is missing */
  read() {
    const { value: day } = this.day, { value: time } = this.time;
    if (!day || !time) return {};
    // A year appears digit by digit while it is typed.
    if (!readDay(day) || day < this.day.min || day > this.day.max) {
      this.#offer([]);
      return { wrong: say("times.wrongDay", { last: writeDay(this.day.max, { day: "numeric", month: "long", year: "numeric" }) }) };
    }
    const instants = instantsAt(day, time, this.zone);
    this.#offer(instants);
    if (!instants.length) return { wrong: say("times.missingHour") };
    return { instant: instants[Math.max(0, this.which.selectedIndex)] ?? instants[0] };
  }

  /** @param {Date} instant that was chosen in another way */
  show(instant) {
    ({ day: this.day.value, time: this.time.value } = wallClock(instant, this.zone));
    const instants = instantsAt(this.day.value, this.time.value, this.zone);
    this.#offer(instants);
    this.which.selectedIndex = instants.findIndex((one) => one.getTime() === Math.floor(instant.getTime() / 60_000) * 60_000);
  }

  #offer(instants) {
    const isTwice = instants.length > 1;
    this.twice.hidden = !isTwice;
    const offers = isTwice ? instants.map((one, index) => ({ value: one.toISOString(), text: say(index ? "times.second.of" : "times.first.of", { offset: writeOffset(one, this.zone) }) })) : [];
    if (offers.map(({ value }) => value).join() === [...this.which.options].map(({ value }) => value).join()) return;
    this.which.replaceChildren(...offers.map(({ value, text }) => make("option", { value }, text)));
  }
}
