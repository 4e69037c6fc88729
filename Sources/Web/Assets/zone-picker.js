// <zone-picker>: chooses a time zone by typing a city, a region or an offset.
import { PersonPicker } from "./person-picker.js";

/** Used and announced as <person-picker> is; the choice is `value`, an IANA name. */
class ZonePicker extends PersonPicker {
  texts = { choose: "zones.choose", none: "zones.none", empty: "zones.none", failed: "zones.none", loading: "zones.loading", clear: "zones.clear" };

  connectedCallback() {
    super.connectedCallback();
    if (this.people.length) return;
    const names = new Set([...(Intl.supportedValuesOf?.("timeZone") ?? []), "UTC", this.getAttribute("value"), deviceZone()]);
    this.load(Promise.resolve([...names].filter(Boolean).map(zone).sort((a, b) => a.name.localeCompare(b.name))));
    this.value = this.getAttribute("value");
  }

  get value() { return this.selected[0]?.timeZone ?? ""; }
  set value(name) { this.select(name ? [zone(name)] : [], { quietly: true }); }

  more({ timeZone }) { return offset(timeZone); }
  hint({ timeZone }) { return offset(timeZone); }
}

/** The time zone of the device that the page is looked at on. */
export const deviceZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

const zone = (name) => ({ userId: name, name: name.replaceAll("_", " "), email: "", role: "", timeZone: name });

/** "UTC+01:00", as it is now. */
function offset(timeZone) {
  try {
    const parts = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" }).formatToParts(new Date());
    const text = parts.find(({ type }) => type === "timeZoneName").value.replace("GMT", "UTC");
    return text === "UTC" ? "UTC+00:00" : text;
  } catch {
    // The server knows a zone that this browser does not.
    return "";
  }
}

customElements.define("zone-picker", ZonePicker);
