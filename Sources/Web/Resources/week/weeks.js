// Turning from week to week without leaving the page. The neighbors are fetched beforehand, so that they come at once.
import { announce } from "../shared/announce.js";
import { fetchPage, putParts } from "../shared/refresh.js";

const parts = ["head", "week"];

export class Weeks {
  /** @type {Map<string, Promise<Document | null>>} by address */
  #known = new Map();
  #newest = 0;

  /** @param {(part: Element) => void} place puts the sessions of a new week where they belong */
  constructor(place) {
    this.place = place;
    document.addEventListener("click", (event) => {
      const link = event.target.closest?.(".week-nav a");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      this.#turn(link.href, { leave: true });
    });
    addEventListener("popstate", () => this.#turn(location.href, { leave: false }));
    this.#fetchNeighbors();
  }

  /** Brings the week up to date; says whether it looks different now. */
  async renew() {
    this.#known.clear();
    const number = ++this.#newest;
    const page = await fetchPage(location.href);
    if (!page || number !== this.#newest) return false;
    const changed = putParts(page, parts, this.place);
    this.#fetchNeighbors();
    return changed;
  }

  async #turn(url, { leave }) {
    const number = ++this.#newest;
    const page = await this.#page(url);
    if (number !== this.#newest) return;
    if (!page) return location.assign(url);
    if (leave && url !== location.href) history.pushState(null, "", url);
    putParts(page, parts, this.place);
    announce(document.querySelector("h1").textContent);
    this.#fetchNeighbors();
  }

  #page(url) {
    if (!this.#known.has(url)) this.#known.set(url, fetchPage(url));
    return this.#known.get(url);
  }

  #fetchNeighbors() {
    for (const key of ["previous", "next"]) this.#page(document.querySelector(`[data-key="${key}"]`).href);
  }
}
