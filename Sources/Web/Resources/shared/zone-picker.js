// <zone-picker>: chooses a time zone by typing a city, a region, an older name or an offset.
import { writeOffset } from "./clock.js";
import { Combobox } from "./combobox.js";
import { allZones, nameOfToday } from "./zones.js";

const most = 60;

/** Used and announced as <person-picker> is; the choice is `value`, an IANA name of today. */
class ZonePicker extends Combobox {
  texts = { choose: "zones.choose", none: "zones.none", empty: "zones.none", failed: "zones.none", loading: "zones.loading", clear: "people.clear" };
  #zones = [];

  connectedCallback() {
    super.connectedCallback();
    if (this.#zones.length) return;
    this.#zones = allZones([this.getAttribute("value")]).map(zone);
    this.value = this.getAttribute("value");
  }

  get value() { return this.selected[0]?.timeZone ?? ""; }
  set value(name) { this.select(name ? [this.#zones.find(({ timeZone }) => timeZone === nameOfToday(name)) ?? zone({ name: nameOfToday(name), others: [] })] : [], { quietly: true }); }

  find(text) {
    const typed = fold(text);
    const fitting = typed ? this.#zones.map((one) => [rank(one, typed), one]).filter(([r]) => r < 3).sort((a, b) => a[0] - b[0]).map(([, one]) => one) : this.#zones;
    return { items: fitting.slice(0, most), hasMore: fitting.length > most };
  }

  /** The offset, and what else it is called if that is what was typed. */
  hint({ timeZone, others }, typed) {
    const also = typed && others.find((other) => fold(other.split("/").at(-1)).startsWith(fold(typed)));
    return [offset(timeZone), also && also.split("/").at(-1)].filter(Boolean).join(" · ");
  }
}

/** 0 where the name begins with it, 1 where a word does, 2 where it is somewhere, 3 where it is nowhere. */
function rank({ name, others, timeZone }, typed) {
  const names = [name, ...others].map(fold);
  if (names[0].startsWith(typed)) return 0;
  if (names.some((name) => name.startsWith(typed) || name.split(/[\s/-]+/).some((word, index, words) => words.slice(index).join(" ").startsWith(typed)))) return 1;
  return names.some((name) => name.includes(typed)) || fold(offset(timeZone)).includes(typed) ? 2 : 3;
}

/** "Malé" is found by "male". */
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();

const spaced = (name) => name.replaceAll("_", " ");
const zone = ({ name, others }) => ({ userId: name, name: spaced(name), email: "", role: "", timeZone: name, others: others.map(spaced) });

/** "UTC+01:00", as it is now. */
function offset(timeZone) {
  try {
    return writeOffset(new Date(), timeZone);
  } catch {
    // The server knows a zone that this browser does not.
    return "";
  }
}

customElements.define("zone-picker", ZonePicker);
