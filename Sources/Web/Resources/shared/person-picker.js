// <person-picker>: chooses one or several members of the organization, whom the server finds as one types.
import { findMembers } from "./api.js";
import { Combobox } from "./combobox.js";
import { city } from "./city.js";

/** How many are offered; whoever is not among them is found by typing more. */
const most = 20;

export class PersonPicker extends Combobox {
  pause = 150;
  /** Whom it may be, as the list of members is asked: `role`, `outside`. @type {Record<string, string>} */
  among = {};
  /** Who is not offered. @type {string[]} */
  except = [];

  async find(text, signal) {
    const left = new Set([...this.except, ...(this.many ? this.selected.map(({ userId }) => userId) : [])]);
    const query = { ...this.among, ...(text && { search: text.slice(0, 100) }), limit: String(Math.min(200, most + left.size)) };
    const { items, nextCursor } = await findMembers(query, signal);
    const people = items.filter(({ userId }) => !left.has(userId));
    return { items: people.slice(0, most), hasMore: people.length > most || Boolean(nextCursor) };
  }

  hint({ email, timeZone }) { return `${email} · ${city(timeZone)}`; }
}

customElements.define("person-picker", PersonPicker);
