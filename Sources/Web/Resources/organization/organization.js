// What an organization is called and how its sessions begin; and leaving it.
import { removeMember } from "../members/remove-member.js";
import { onSubmit } from "../shared/form.js";
import { ask } from "../shared/organization-api.js";
import { say } from "../shared/strings.js";
import "../shared/zone-picker.js";

/** @type {HTMLFormElement} */
const form = document.querySelector("#general");
const zone = form.querySelector("zone-picker");
const slug = form.elements.slug;
let version = Number(form.dataset.version);

onSubmit(form, {
  saves: true,
  check() {
    const missing = [];
    const miss = (field, key) => missing.push({ field, message: say(key) });
    if (!form.elements.name.value.trim()) miss("name", "need.name");
    if (!slug.readOnly && !/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(slug.value.trim())) miss("slug", "organization.need.slug");
    if (!zone.value) miss("timeZone", "settings.need.timeZone");
    return missing;
  },
  async send() {
    const { name, defaultProvider } = form.elements;
    const made = await ask("", { method: "PATCH", body: {
      name: name.value.trim(), timeZone: zone.value, defaultProvider: defaultProvider.value, version,
      ...(slug.readOnly ? {} : { slug: slug.value.trim() }),
    } });
    version = made.version;
    for (const place of document.querySelectorAll("[data-its-name]")) place.textContent = made.name;
  },
});

const leave = document.querySelector("#leave");
leave?.addEventListener("click", async () => {
  const { member: id, name } = leave.dataset;
  // Admins may have booked, whoever else they are.
  if (await removeMember({ id, name, mayBook: true, isYou: true, place: document.querySelector("[data-its-name]").textContent })) location.assign("/week");
});
