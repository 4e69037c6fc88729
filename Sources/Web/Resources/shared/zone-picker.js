// <zone-picker>: chooses a time zone by typing a city, a region, an older name or an offset.
import { writeOffset } from "./clock.js";
import { fold, PersonPicker } from "./person-picker.js";
import { allZones, nameOfToday } from "./zones.js";

/** Used and announced as <person-picker> is; the choice is `value`, an IANA name of today. */
class ZonePicker extends PersonPicker {
  texts = { choose: "zones.choose", none: "zones.none", empty: "zones.none", failed: "zones.none", loading: "zones.loading", clear: "people.clear" };

  connectedCallback() {
    super.connectedCallback();
    if (this.people.length) return;
    this.load(Promise.resolve(allZones([this.getAttribute("value")]).map(zone)));
    this.value = this.getAttribute("value");
  }

  get value() { return this.selected[0]?.timeZone ?? ""; }
  set value(name) { this.select(name ? [this.people.find(({ timeZone }) => timeZone === nameOfToday(name)) ?? zone({ name: nameOfToday(name), others: [] })] : [], { quietly: true }); }

  names({ name, others }) { return [name, ...others]; }
  more({ timeZone }) { return offset(timeZone); }

  /** The offset, and what else it is called if that is what was typed. */
  hint({ timeZone, others }, typed) {
    const also = typed && others.find((other) => fold(other.split("/").at(-1)).startsWith(typed));
    return [offset(timeZone), also && also.split("/").at(-1)].filter(Boolean).join(" · ");
  }
}

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
