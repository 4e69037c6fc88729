// All organizations of the server: founding one, and inviting its first admin.
import { call } from "../shared/api.js";
import { theirs } from "../shared/dom.js";
import { dialogOpener, onSubmit, tellDone } from "../shared/form.js";
import { linkToPassOn } from "../shared/link-to-pass-on.js";
import { listing } from "../shared/listing.js";
import { refresh } from "../shared/refresh.js";
import { say } from "../shared/strings.js";
import { deviceZone } from "../shared/zones.js";

const outcome = document.querySelector("#platform-outcome");
const opener = document.querySelector("#new");
listing("/platform", ["organizations"]);

// --- Founding one ------------------------------------------------------------------------------------------------

const founding = document.querySelector("#found");
const form = founding.querySelector("form");
const { name, slug } = form.elements;
const openFounding = dialogOpener(founding);
let isProposed = true;

opener.addEventListener("click", () => {
  isProposed = true;
  openFounding();
  name.focus();
});
founding.addEventListener("close", () => { if (document.activeElement === document.body) opener.focus(); });

/** "Łódź & Söhne" gives "lodz-sohne". */
const proposed = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("ł", "l").replaceAll("Ł", "l").replaceAll("ß", "ss")
  .toLowerCase().replace(/[^a-z0-9]+/g, "-").slice(0, 63).replace(/^-+|-+$/g, "");

name.addEventListener("input", () => { if (isProposed) slug.value = proposed(name.value); });
slug.addEventListener("input", () => { isProposed = slug.value === ""; });

onSubmit(form, {
  check() {
    const missing = [];
    if (!name.value.trim()) missing.push({ field: "name", message: say("need.name") });
    if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(slug.value.trim())) missing.push({ field: "slug", message: say("organization.need.slug") });
    return missing;
  },
  explain: (problem) => (problem.code === "already_taken" ? [{ field: "slug", message: say("organization.taken.slug") }] : null),
  async send() {
    const made = await call("/api/organizations", { method: "POST", body: { name: name.value.trim(), slug: slug.value.trim(), timeZone: deviceZone() || "UTC" } });
    founding.close();
    await refresh(["organizations"]);
    tellDone(outcome, say("platform.founded", { name: made.name }));
    invite(made.id, made.name);
  },
});

// --- Its first admin ---------------------------------------------------------------------------------------------

const inviting = document.querySelector("#admin");
const adminForm = inviting.querySelector("form");
const openInviting = dialogOpener(inviting);
let place = null;

function invite(id, title) {
  place = { id, title };
  inviting.querySelector("#admin-organization").replaceChildren(theirs(title));
  openInviting();
  adminForm.elements.email.focus();
}

onSubmit(adminForm, {
  check: () => (/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(adminForm.elements.email.value.trim()) ? [] : [{ field: "email", message: say("need.email") }]),
  async send() {
    const email = adminForm.elements.email.value.trim();
    const { link } = await call(`/api/organizations/${place.id}/admins`, { method: "POST", body: { email } });
    inviting.close();
    tellDone(outcome, say(link ? "platform.invited.link" : "platform.invited", { email, name: place.title }));
    if (link) outcome.append(linkToPassOn(email, link));
  },
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-invite]");
  if (!button) return;
  const { id, name: title } = button.closest("[data-id]").dataset;
  invite(id, title);
});
