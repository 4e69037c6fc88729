// <person-picker>: chooses one or several people from a list by typing (the ARIA combobox pattern).
import { announce } from "./announce.js";
import { icon, make, theirs } from "./dom.js";
import { say } from "./strings.js";
import { city } from "./zones.js";

const most = 60;

/** @typedef {{userId: string, name: string, email: string, role: string, timeZone: string}} Person */

/**
 * Attributes: `input-id` (for the page's own label), `describedby`. Fires `pick` when the choice changes.
 * The input is the element's own, so that label, error and focus belong to a real form control.
 */
export class PersonPicker extends HTMLElement {
  /** @type {Person[]} */ people = [];
  /** @type {Person[]} */ selected = [];
  /** @type {"loading" | "ready" | "failed"} */ state = "loading";
  /** Keys of strings.js, for lists of something else than people. */
  texts = { choose: "people.choose", none: "people.none", empty: "people.empty", failed: "people.failed", loading: "people.loading", clear: "people.clear" };
  #many = false;
  #shown = /** @type {Person[]} */ ([]);
  #active = -1;

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
    this.input.addEventListener("click", () => this.#open());
    this.input.addEventListener("input", () => this.#open());
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

  /** @param {Promise<Person[]>} people */
  async load(people) {
    try {
      this.people = await people;
      this.state = "ready";
    } catch {
      this.state = "failed";
    }
    if (!this.list.hidden) this.#open();
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

  #matching() {
    const typed = fold(this.input.value.trim());
    const all = this.people.filter((person) => !this.#many || !this.selected.includes(person));
    // What stands in the input because it is chosen is no search.
    if (!typed || (!this.#many && this.selected[0]?.name === this.input.value)) return all;
    const rank = (person) => {
      const names = this.names(person).map(fold);
      if (names[0].startsWith(typed)) return 0;
      if (names.some((name) => name.startsWith(typed) || name.split(/[\s/-]+/).some((word, index, words) => words.slice(index).join(" ").startsWith(typed)))) return 1;
      return names.some((name) => name.includes(typed)) || fold(this.more(person)).includes(typed) ? 2 : 3;
    };
    return all.map((person) => [rank(person), person]).filter(([r]) => r < 3).sort((a, b) => a[0] - b[0]).map(([, person]) => person);
  }

  #open() {
    const matching = this.state === "ready" ? this.#matching() : [];
    const typed = fold(this.input.value.trim());
    this.#shown = matching.slice(0, most);
    this.list.replaceChildren(...this.#shown.map((person, index) => make("li.option", { role: "option", id: `${this.list.id}-${index}`, "aria-selected": String(this.selected.includes(person)) },
      make("span.option-name", {}, theirs(person.name)),
      make("span.option-hint", {}, theirs(this.hint(person, typed))))));
    const left = matching.length - this.#shown.length;
    if (left) this.#say(say("people.more", { count: left }));
    if (!this.#shown.length) this.#say(this.#nothing());
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.#point(this.input.value && this.#shown.length ? Math.max(0, this.#shown.indexOf(this.selected[0])) : -1);
  }

  /** A line at the end of the list that cannot be chosen. */
  #say(text) {
    this.list.append(make("li.option-none", { role: "option", "aria-disabled": "true", "aria-selected": "false" }, text));
  }

  /** What they are called; the first is shown. */
  names(person) { return [person.name]; }

  /** What else finds them. */
  more(person) { return person.email; }

  /** What stands under their name. @param {any} person @param {string} [typed] folded */
  hint(person) { return `${person.email} · ${city(person.timeZone)}`; }

  #nothing() {
    if (this.state !== "ready") return say(this.texts[this.state]);
    return this.people.length ? say(this.texts.none, { text: this.input.value.trim() }) : say(this.texts.empty);
  }

  #close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.#point(-1);
  }

  #point(index) {
    this.#active = index;
    [...this.list.children].forEach((option, i) => option.toggleAttribute("data-active", i === index));
    const option = this.list.children[index];
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  #key(event) {
    const isOpen = !this.list.hidden;
    const count = this.#shown.length;
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp": {
        event.preventDefault();
        if (!isOpen) this.#open();
        const step = event.key === "ArrowDown" ? 1 : -1;
        const total = this.#shown.length;
        if (total) this.#point(this.#active < 0 ? (step > 0 ? 0 : total - 1) : (this.#active + step + total) % total);
        return;
      }
      case "Enter":
        // Never sends the form from here: what one types is a search.
        event.preventDefault();
        if (isOpen && this.#active >= 0) this.#choose(this.#shown[this.#active]);
        else if (!isOpen) this.#open();
        return;
      case "Escape":
        if (!isOpen) return;
        event.preventDefault();
        this.#close();
        if (!this.#many) this.input.value = this.selected[0]?.name ?? "";
        return;
      case "Tab":
        if (isOpen && this.#active >= 0 && this.input.value && count) this.#choose(this.#shown[this.#active]);
        return;
      case "Backspace":
        if (this.#many && !this.input.value && this.selected.length) {
          announce(say("people.removed", { name: this.selected.at(-1).name }));
          this.select(this.selected.slice(0, -1));
        }
    }
  }

  #choose(person) {
    if (!person) return;
    if (!this.#many && this.selected[0] === person) {
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
    this.#close();
    if (this.#many) this.input.value = "";
    else if (!this.input.value.trim() && this.selected.length) this.select([]);
    else this.input.value = this.selected[0]?.name ?? "";
  }
}

/** "Wiśniewska" is found by "wisn". */
export const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("ł", "l").toLocaleLowerCase();

customElements.define("person-picker", PersonPicker);
