// <tag-input>: a few words, each a tag. Enter or a comma of any keyboard adds, Backspace takes the last away.
import { icon, make, theirs } from "../shared/dom.js";
import { say } from "../shared/strings.js";

/** Of Latin, Chinese, Japanese and Arabic keyboards. */
const COMMAS = /[,，、،]/;

export class TagInput extends HTMLElement {
  /** @type {string[]} */ #tags = [];

  connectedCallback() {
    if (this.input) return;
    this.input = make("input", { id: this.getAttribute("input-id"), type: "text", dir: "auto", autocomplete: "off", "aria-describedby": this.getAttribute("describedby") });
    this.chips = make("ul.chips", { hidden: true });
    this.append(make("div.input.picker-box", { onclick: (e) => e.target === e.currentTarget && this.input.focus() }, this.chips, this.input));
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || COMMAS.test(event.key)) {
        event.preventDefault();
        this.#take();
      } else if (event.key === "Backspace" && !this.input.value) {
        this.#show(this.#tags.slice(0, -1));
      }
    });
    this.input.addEventListener("blur", () => this.#take());
  }

  /** The tags, with what has been typed and not yet added. */
  get tags() {
    this.#take();
    return this.#tags;
  }

  #take() {
    const typed = this.input.value.split(COMMAS).map((tag) => tag.trim()).filter(Boolean);
    this.input.value = "";
    if (typed.length) this.#show([...new Set([...this.#tags, ...typed])]);
  }

  #show(tags) {
    this.#tags = tags;
    this.chips.hidden = !tags.length;
    this.chips.replaceChildren(...tags.map((tag) => make("li.chip", {}, theirs(tag), make("button", {
      type: "button", "aria-label": say("tags.remove", { tag }),
      onclick: () => { this.#show(this.#tags.filter((other) => other !== tag)); this.input.focus(); },
    }, icon("close", "icon icon-small")))));
  }
}

customElements.define("tag-input", TagInput);
