// What <person-picker> and <zone-picker> are: an input, and below it a list of what fits what one types (the ARIA
// combobox pattern).
import { announce } from "./announce.js";
import { icon, make, theirs } from "./dom.js";
import { say } from "./strings.js";

/** @typedef {{userId: string, name: string, email: string, role: string, timeZone: string}} Person */

/**
 * Attributes: `input-id` (for the page's own label), `describedby`. Fires `pick` when the choice changes.
 * The input is the element's own, so that label, error and focus belong to a real form control.
 */
export class Combobox extends HTMLElement {
  /** @type {Person[]} */ selected = [];
  /** Keys of strings.js. */
  texts = { choose: "people.choose", none: "people.none", empty: "people.empty", failed: "people.failed", loading: "people.loading", clear: "people.clear" };
  /** How long one may pause between two letters before the list is looked up, in ms. */
  pause = 0;
  #many = false;
  #shown = /** @type {Person[]} */ ([]);
  #active = -1;
  /** While the list is looked up. */
  #search = /** @type {AbortController | null} */ (null);
  /** Whether the first that is found is chosen: Enter or Tab came before the list did. */
  #takesFirst = false;

  connectedCallback() {
    if (this.input) return;
    const id = this.getAttribute("input-id");
    this.input = make("input", {
      id, type: "text", dir: "auto", role: "combobox", autocomplete: "off", autocapitalize: "none", spellcheck: "false",
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${id}-list`,
      "aria-describedby": this.getAttribute("describedby"), placeholder: say(this.texts.choose),
    });
    this.chips = make("ul.chips", { hidden: true });
    this.clearButton = make("button.picker-clear", { type: "button", hidden: true, onclick: () => this.#clear() }, icon("close", "icon icon-small"));
    this.list = make("ul.options", { id: `${id}-list`, role: "listbox", "aria-labelledby": `${id}-label`, hidden: true });
    this.append(make("div.input.picker-box", { onclick: (e) => e.target === e.currentTarget && this.input.focus() }, this.chips, this.input, this.clearButton), this.list);

    this.input.addEventListener("focus", () => { if (!this.#many) this.input.select(); });
    this.input.addEventListener("click", () => this.#look());
    this.input.addEventListener("input", () => this.#look({ after: this.pause }));
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("blur", () => this.#leave());
    // Before the input loses its focus, which would close the list.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.#choose(this.#shown[[...this.list.children].indexOf(option)]);
    });
  }

  /** Whether several may be chosen. */
  get many() { return this.#many; }
  set many(many) {
    if (this.#many === many) return;
    this.#many = many;
    this.select(many ? this.selected : this.selected.slice(0, 1));
  }

  /** @param {Person[]} people */
  select(people, { quietly = false } = {}) {
    this.selected = people;
    const only = people[0];
    this.input.value = this.#many ? "" : only?.name ?? "";
    this.input.placeholder = this.#many && only ? say("people.add") : say(this.texts.choose);
    this.clearButton.hidden = this.#many || !only;
    if (only) this.clearButton.setAttribute("aria-label", say(this.texts.clear, { name: only.name }));
    this.chips.hidden = !this.#many || !only;
    this.chips.replaceChildren(...(this.#many ? people.map((person) => this.#chip(person)) : []));
    if (!quietly) this.dispatchEvent(new CustomEvent("pick", { bubbles: true }));
  }

  #chip(person) {
    const remove = () => {
      this.select(this.selected.filter((other) => other !== person));
      announce(say("people.removed", { name: person.name }));
      this.input.focus();
    };
    return make("li.chip", {}, theirs(person.name), make("button", { type: "button", "aria-label": say("people.remove", { name: person.name }), onclick: remove }, icon("close", "icon icon-small")));
  }

  // --- Looking up --------------------------------------------------------------------------------------------------

  /**
   * What fits, the best first.
   * @param {string} text trimmed; empty where nothing is typed
   * @param {AbortSignal} signal tells when something else has been typed
   * @returns {Promise<{items: Person[], hasMore: boolean}> | {items: Person[], hasMore: boolean}}
   */
  find(text, signal) { throw new Error("not this one's"); }

  /** What stands under a name. @param {any} person @param {string} typed */
  hint(person, typed) { return ""; }

  /** What stands in the input because it is chosen is no search. */
  get #typed() {
    const isChosen = !this.#many && this.selected[0]?.name === this.input.value;
    return isChosen ? "" : this.input.value.trim();
  }

  /**
   * Opens the list and brings it up to date; what is shown stays until the new is there.
   * @param {{after?: number}} [options] ms
   * @returns {Promise<boolean>} whether the list is what was asked for: nothing else was typed since, and it is still open
   */
  async #look({ after = 0 } = {}) {
    this.#search?.abort();
    const search = (this.#search = new AbortController());
    const { signal } = search;
    const typed = this.#typed;
    this.#takesFirst = false;
    this.#point(-1);
    if (this.list.hidden) this.list.replaceChildren(none(say(this.texts.loading)));
    this.list.setAttribute("aria-busy", "true");
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    let found = null;
    try {
      if (after) await new Promise((done) => setTimeout(done, after));
      if (!signal.aborted) found = await this.find(typed, signal);
    } catch {
      // Said in the list, unless nobody waits for it any more.
    }
    if (signal.aborted) return false;
    this.#search = null;
    this.#draw(found, typed);
    if (this.#takesFirst) this.#takeFirst();
    return !this.list.hidden;
  }

  #draw(found, typed) {
    this.#shown = found?.items ?? [];
    this.list.replaceChildren(...this.#shown.map((person, index) => make("li.option", { role: "option", id: `${this.list.id}-${index}`, "aria-selected": String(this.#isSelected(person)) },
      make("span.option-name", {}, theirs(person.name)),
      make("span.option-hint", {}, theirs(this.hint(person, typed))))));
    if (found?.hasMore) this.list.append(none(say("people.more")));
    if (!this.#shown.length) this.list.append(none(this.#nothing(found, typed)));
    this.list.removeAttribute("aria-busy");
    this.#point(this.input.value && this.#shown.length ? Math.max(0, this.#shown.findIndex((person) => this.#isSelected(person))) : -1);
  }

  #isSelected(person) { return this.selected.some(({ userId }) => userId === person.userId); }

  #nothing(found, typed) {
    if (!found) return say(this.texts.failed);
    return typed ? say(this.texts.none, { text: typed }) : say(this.texts.empty);
  }

  #close() {
    this.#search?.abort();
    this.#search = null;
    this.#hide();
  }

  #hide() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.#point(-1);
  }

  #point(index) {
    this.#active = index;
    [...this.list.children].forEach((option, i) => option.toggleAttribute("data-active", i === index));
    const option = this.#shown.length ? this.list.children[index] : null;
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  // --- Keys --------------------------------------------------------------------------------------------------------

  #key(event) {
    const isOpen = !this.list.hidden;
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp":
        event.preventDefault();
        this.#step(event.key === "ArrowDown" ? 1 : -1, isOpen);
        return;
      case "Enter":
        // Never sends the form from here: what one types is a search.
        event.preventDefault();
        if (!isOpen) this.#look();
        else if (this.#active >= 0) this.#choose(this.#shown[this.#active]);
        else if (this.#search && this.#typed) this.#takesFirst = true;
        return;
      case "Escape":
        if (!isOpen) return;
        event.preventDefault();
        this.#close();
        if (!this.#many) this.input.value = this.selected[0]?.name ?? "";
        return;
      case "Tab":
        if (isOpen && this.#active >= 0 && this.input.value) this.#choose(this.#shown[this.#active]);
        else if (isOpen && this.#search && this.#typed) this.#takesFirst = true;
        return;
      case "Backspace":
        if (this.#many && !this.input.value && this.selected.length) {
          announce(say("people.removed", { name: this.selected.at(-1).name }));
          this.select(this.selected.slice(0, -1));
        }
    }
  }

  async #step(step, isOpen) {
    if (!isOpen && !(await this.#look())) return;
    const total = this.#shown.length;
    if (total) this.#point(this.#active < 0 ? (step > 0 ? 0 : total - 1) : (this.#active + step + total) % total);
  }

  #takeFirst() {
    this.#takesFirst = false;
    if (this.#shown.length) this.#choose(this.#shown[0]);
    else if (document.activeElement !== this.input) this.#leave();
  }

  #choose(person) {
    if (!person) return;
    if (!this.#many && this.#isSelected(person)) {
      this.input.value = person.name;
      return this.#close();
    }
    this.select(this.#many ? [...this.selected, person] : [person]);
    if (this.#many) announce(say("people.added", { name: person.name }));
    this.#close();
  }

  #clear() {
    this.select([]);
    this.input.focus();
  }

  #leave() {
    // What was asked for by Tab is on its way.
    if (this.#takesFirst) return this.#hide();
    this.#close();
    if (this.#many) this.input.value = "";
    else if (!this.input.value.trim() && this.selected.length) this.select([]);
    else this.input.value = this.selected[0]?.name ?? "";
  }
}

/** A line of the list that cannot be chosen. */
const none = (text) => make("li.option-none", { role: "option", "aria-disabled": "true", "aria-selected": "false" }, text);
