// One's profile and preferences.
import { call } from "../shared/api.js";
import { icon, make, theirs } from "../shared/dom.js";
import { onSubmit } from "../shared/form.js";
import { say } from "../shared/strings.js";
import { deviceZone } from "../shared/zones.js";
import "../shared/zone-picker.js";

/** @type {HTMLFormElement} */
const form = document.querySelector("#settings");
const zone = form.querySelector("zone-picker");
const reminders = form.querySelector("#reminders");
const add = form.querySelector("#add-reminder");
const most = 5;

// --- The time zone of this device --------------------------------------------------------------------------------

const offer = form.querySelector("#device-zone");
function offerDeviceZone() {
  offer.hidden = !deviceZone() || zone.value === deviceZone();
  offer.querySelector("span").textContent = say("settings.deviceZone", { zone: deviceZone().replaceAll("_", " ") });
}
offer.addEventListener("click", () => {
  zone.value = deviceZone();
  zone.dispatchEvent(new CustomEvent("pick", { bubbles: true }));
  zone.input.focus();
});
zone.addEventListener("pick", offerDeviceZone);

// --- Reminders ---------------------------------------------------------------------------------------------------

const units = { minutes: 1, hours: 60, days: 1440 };

function addReminder(minutes) {
  const unit = Object.keys(units).findLast((name) => minutes % units[name] === 0);
  const amount = make("input.input.amount.tabular", { type: "number", min: 1, step: 1, inputmode: "numeric", value: minutes / units[unit], "aria-label": say("reminder.amount"), "aria-describedby": "reminderOffsets-error" });
  const choice = make("select.input.unit", { "aria-label": say("reminder.unit") },
    ...Object.keys(units).map((name) => make("option", { value: name, selected: name === unit }, say(`reminder.${name}`))));
  const row = make("li", {}, amount, choice,
    make("button.button", { type: "button", "data-look": "quiet", "data-shape": "square", "aria-label": say("reminder.remove"), onclick: () => {
      const next = row.nextElementSibling ?? row.previousElementSibling;
      row.remove();
      drawReminders();
      (next?.querySelector("input") ?? add).focus();
      form.dispatchEvent(new Event("change"));
    } }, icon("close")));
  reminders.append(row);
  drawReminders();
  return amount;
}

function drawReminders() {
  form.querySelector("#no-reminders").hidden = reminders.children.length > 0;
  add.hidden = reminders.children.length >= most;
}

const offsets = () => [...reminders.children].map((row) => Number(row.querySelector("input").value) * units[row.querySelector("select").value]);

add.addEventListener("click", () => {
  const free = [15, 60, 1440, 30, 2880, 10080].find((minutes) => !offsets().includes(minutes)) ?? 5;
  addReminder(free).select();
});

// --- Saving ------------------------------------------------------------------------------------------------------

let savedName = form.elements.name.value;
let version = Number(form.dataset.version);

function preferences() {
  const { elements } = form;
  const checked = (...names) => Object.fromEntries(names.map((name) => [name, elements[name].checked]));
  return {
    preferredProvider: elements.preferredProvider.value || null,
    timeZone: zone.value,
    locale: elements.locale.value,
    reminderOffsets: offsets(),
    notificationChannels: [...elements.notificationChannels].filter((box) => box.checked).map((box) => box.value),
    customSettings: checked("joinMuted", "joinWithCamera", "mirrorCamera"),
    googleSettings: checked("addToCalendar", "showAsBusy"),
    version,
  };
}

function check() {
  const missing = [];
  const miss = (field, key) => missing.push({ field, message: say(key) });
  if (!form.elements.name.value.trim()) miss("name", "settings.need.name");
  if (!zone.value) miss("timeZone", "settings.need.timeZone");
  const minutes = offsets();
  if (minutes.some((one) => !Number.isInteger(one) || one < 5 || one > 40_320)) miss("reminderOffsets", "settings.need.reminder");
  else if (new Set(minutes).size < minutes.length) miss("reminderOffsets", "settings.need.differentReminders");
  return missing;
}

async function send() {
  const name = form.elements.name.value.trim();
  if (name !== savedName) {
    await call("/api/auth/me", { method: "PATCH", body: { name } });
    savedName = name;
    for (const place of document.querySelectorAll(".account .name, .account .who strong")) place.replaceChildren(theirs(name));
  }
  ({ version } = await call("/api/user/preferences", { method: "PUT", body: preferences() }));
}

for (const minutes of form.dataset.reminders.split(",").filter(Boolean)) addReminder(Number(minutes));
drawReminders();
offerDeviceZone();
onSubmit(form, { check, send, saves: true });
