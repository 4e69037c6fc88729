// <time-picker>: seven days in a strip, and the free times of the chosen day. Fires `pick` when a time is chosen.
import { announce } from "../shared/announce.js";
import { dayAfter, sameClock, timeSeenFrom, wallClock, writeDate, writeDay, writeTime } from "../shared/clock.js";
import { icon, make } from "../shared/dom.js";
import { daysAtOnce, FreeTimes } from "./free-times.js";
import { grouped } from "./grouped.js";
import { say } from "../shared/strings.js";
import { city } from "../shared/city.js";

export class TimePicker extends HTMLElement {
  /** @type {Date | null} */ value = null;
  /** @type {{userId: string, start: Date, end: Date}[]} */ busy = [];
  #zone = "UTC";
  #free = new FreeTimes("UTC");
  /** @type {{userId: string, name: string, timeZone: string}[]} */ #people = [];
  #ready = false;
  #duration = 60;
  #first = ""; // first day of the strip
  #day = ""; // chosen day
  #round = 0; // which request is the newest
  #week = /** @type {import("./free-times.js").Week | null} */ (null);

  /** @param {string} zone in which times are shown */
  start(zone) {
    this.#zone = zone;
    this.#free = new FreeTimes(zone);
    this.today = wallClock(new Date(), zone).day;
    this.#first = this.today;

    this.month = make("p.strip-month", { "aria-live": "polite" });
    this.previous = make("button.button", { type: "button", "data-shape": "square", "aria-label": this.getAttribute("previous-label"), onclick: () => this.#turn(-daysAtOnce) }, icon("chevron-left"));
    this.next = make("button.button", { type: "button", "data-shape": "square", "aria-label": this.getAttribute("next-label"), onclick: () => this.#turn(daysAtOnce) }, icon("chevron-right"));
    this.strip = make("div.strip", { role: "radiogroup", "aria-label": this.getAttribute("days-label") });
    this.times = make("div.times", { "aria-busy": "false" });
    this.note = make("p.hint.zone-note");
    this.append(make("div.strip-head", {}, this.month, this.previous, this.next), this.strip, this.note, this.times);
    this.#draw();
  }

  /**
   * Shows the times for these people.
   * @param {typeof this.people} people who must be free
   * @param {boolean} ready whether the choice of people is complete
   */
  show(people, ready, duration) {
    const same = ready === this.#ready && duration === this.#duration && people.map((p) => p.userId).join() === this.#people.map((p) => p.userId).join();
    if (same) return;
    this.#people = people;
    this.#ready = ready;
    this.#duration = duration;
    this.#load();
  }

  /** Chooses a time without being clicked, and goes to its day. */
  choose(time) {
    this.value = time;
    if (!time) return this.#draw();
    this.#goTo(wallClock(time, this.#zone).day);
  }

  /** Asks again, since somebody has booked something meanwhile. */
  renew() {
    this.#free.forget();
    if (this.#ready) this.#load({ quietly: true });
  }

  /** What the first thing to choose is, for the focus. */
  get first() { return this.times.querySelector("input:checked, input, button") ?? this.strip.querySelector("input:checked, input") ?? this.next; }

  #goTo(day) {
    this.#day = day;
    const inStrip = day >= this.#first && day < dayAfter(this.#first, daysAtOnce);
    if (!inStrip) this.#first = day < this.today ? this.today : day;
    if (this.#ready && !inStrip) this.#load();
    else this.#draw();
  }

  #turn(days) {
    const first = dayAfter(this.#first, days);
    this.#first = first < this.today ? this.today : first;
    this.#day = "";
    this.#load();
  }

  async #load({ quietly = false } = {}) {
    const round = ++this.#round;
    if (!this.#ready) {
      this.#week = null;
      this.busy = [];
      return this.#draw();
    }
    this.times.setAttribute("aria-busy", "true");
    const users = this.#people.map((person) => person.userId);
    const answer = this.#free.week(users, this.#duration, this.#first);
    // What is known already comes before the skeleton is seen.
    const soon = await Promise.race([answer.then(() => true, () => true), new Promise((done) => setTimeout(done, 60, false))]);
    if (round !== this.#round) return;
    if (!soon && !quietly) this.#wait();
    try {
      const week = await answer;
      if (round !== this.#round) return;
      this.#week = week;
      this.busy = week.busy;
      const days = this.#free.byDay(week.starts);
      const chosen = this.value && wallClock(this.value, this.#zone).day;
      if (!this.#day && chosen && this.#days().includes(chosen)) this.#day = chosen;
      if (!this.#day || (!days.has(this.#day) && this.#day !== chosen)) this.#day = this.#days().find((day) => days.has(day)) ?? this.#first;
      this.#draw();
      if (!quietly) this.#tell(days.get(this.#day)?.length ?? 0);
      this.dispatchEvent(new CustomEvent("times", { bubbles: true }));
      // So that the arrow to the next days answers at once.
      this.#free.week(users, this.#duration, dayAfter(this.#first, daysAtOnce)).catch(() => {});
    } catch {
      if (round === this.#round) this.#fail();
    }
  }

  #days() { return Array.from({ length: daysAtOnce }, (_, index) => dayAfter(this.#first, index)); }

  #tell(count) {
    announce(say("times.found", { count, day: writeDay(this.#day, { weekday: "long", day: "numeric", month: "long" }) }));
  }

  #draw() {
    const days = this.#free.byDay(this.#week?.starts ?? []);
    const all = this.#days();
    this.previous.setAttribute("aria-disabled", String(this.#first <= this.today));
    this.previous.disabled = this.#first <= this.today && document.activeElement !== this.previous;
    this.month.textContent = writeDay(all[0], { month: "long", year: "numeric" });
    const hadFocus = this.strip.contains(document.activeElement);
    this.strip.replaceChildren(...all.map((day) => this.#dayChoice(day, days.get(day)?.length)));
    if (hadFocus) this.strip.querySelector("input:checked")?.focus();
    this.#drawTimes(days.get(this.#day) ?? []);
  }

  #dayChoice(day, count) {
    const free = this.#week ? (count ? say("times.freeCount", { count }) : say("times.full")) : "";
    const input = make("input", { type: "radio", name: "day", value: day, "aria-label": `${writeDay(day, { weekday: "long", day: "numeric", month: "long" })}${free && ", " + free}`,
      onchange: () => { this.#day = day; this.#drawTimes(this.#free.byDay(this.#week?.starts ?? []).get(day) ?? []); if (this.#week) this.#tell(count ?? 0); } });
    input.checked = day === this.#day;
    input.disabled = !this.#ready;
    return make("label.strip-day", { "data-full": this.#week && !count, "data-today": day === this.today },
      input, make("span.strip-weekday", { "aria-hidden": "true" }, writeDay(day, { weekday: "short" })), make("span.strip-number", { "aria-hidden": "true" }, writeDay(day, { day: "numeric" })), make("span.strip-free", { "aria-hidden": "true" }, this.#week && count ? "•" : ""));
  }

  #drawTimes(starts) {
    this.times.setAttribute("aria-busy", "false");
    this.note.textContent = this.#zoneNote();
    if (!this.#ready) return this.times.replaceChildren(make("p.times-note", {}, icon("users"), say("times.first")));
    if (!this.#week) return;
    if (!this.#week.starts.length) {
      return this.times.replaceChildren(make("p.times-note", {}, icon("calendar"), say("times.noneInWeek")),
        make("button.button", { type: "button", onclick: () => { this.#turn(daysAtOnce); this.next.focus(); } }, say("times.nextWeek")));
    }
    if (!starts.length) {
      return this.times.replaceChildren(make("p.times-note", {}, icon("calendar"), say("times.none", { day: writeDay(this.#day, { weekday: "long", day: "numeric", month: "long" }) })));
    }
    const parts = grouped(this.#calm(starts), (start) => {
      const { minute } = wallClock(start, this.#zone);
      return minute < 6 * 60 ? "night" : minute < 12 * 60 ? "morning" : minute < 17 * 60 ? "afternoon" : "evening";
    });
    this.times.replaceChildren(...[...parts].map(([part, times]) => make("fieldset.times-part", {},
      make("legend", {}, say(`times.${part}`)),
      make("div.times-grid", {}, ...times.map((start) => this.#timeChoice(start))))));
  }

  /** Half hours when there are enough of them: thirty-six buttons a day are no calm choice. */
  #calm(starts) {
    const halves = starts.filter((start) => wallClock(start, this.#zone).minute % 30 === 0 || start.getTime() === this.value?.getTime());
    return starts.length > 14 && halves.length >= 4 ? halves : starts;
  }

  #timeChoice(start) {
    const other = this.#otherZone(start);
    const theirs = other && timeSeenFrom(start, other.timeZone, this.#zone);
    const input = make("input", { type: "radio", name: "start", value: start.toISOString(),
      "aria-label": theirs ? `${writeTime(start, this.#zone)}, ${city(other.timeZone)} ${writeDate(start, other.timeZone)} ${writeTime(start, other.timeZone)}` : writeTime(start, this.#zone),
      onchange: () => { this.value = start; this.dispatchEvent(new CustomEvent("pick", { bubbles: true })); } });
    input.checked = this.value?.getTime() === start.getTime();
    return make("label.time-choice", {}, input, make("span", { "aria-hidden": "true" }, writeTime(start, this.#zone)), theirs && make("small", { "aria-hidden": "true" }, theirs));
  }

  /** Whose local time stands beneath: the first whose clock shows another time. */
  #otherZone(at) { return this.#people.find((person) => !sameClock(at, this.#zone, person.timeZone)); }

  #zoneNote() {
    if (!this.#ready) return "";
    const zone = city(this.#zone);
    const other = this.#otherZone(this.#week?.starts[0] ?? new Date());
    return other ? say("times.zones", { zone, name: other.name }) : say("times.yours", { zone });
  }

  #wait() {
    this.#week = null;
    this.#draw();
    this.times.setAttribute("aria-busy", "true");
    this.times.replaceChildren(make("p.visually-hidden", {}, say("times.loading")), make("div.times-grid", { "aria-hidden": "true" }, ...Array.from({ length: 10 }, () => make("div.skeleton.time-skeleton"))));
  }

  #fail() {
    this.#week = null;
    this.#draw();
    this.times.setAttribute("aria-busy", "false");
    this.times.replaceChildren(make("p.times-note", {}, icon("alert"), say("times.failed")), make("button.button", { type: "button", onclick: () => this.#load() }, say("action.again")));
  }
}

customElements.define("time-picker", TimePicker);
