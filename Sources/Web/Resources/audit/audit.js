// The audit log: whose entries are shown is chosen by name; the rest is a list like others.
import { findMembers } from "../shared/api.js";
import { listing } from "../shared/listing.js";
import "../shared/person-picker.js";

const filters = document.querySelector("#filters");
const { actor, about, change } = filters.elements;
const picker = filters.querySelector("person-picker");

// Before listing() hears of it.
picker.addEventListener("pick", () => { actor.value = picker.selected[0]?.userId ?? ""; });

/** What was done is asked of one kind of thing. */
function offerChange() {
  change.disabled = !about.value;
  if (!about.value) change.value = "";
}
about.addEventListener("change", offerChange);
offerChange();

// Who has left is no member, and stays without a name here.
if (actor.value) findMembers({ users: actor.value }).then(({ items }) => picker.select(items, { quietly: true }), () => {});

listing("/organization/audit", ["entries", "export"]);
