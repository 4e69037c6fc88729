// Groups: making, naming and deleting them, and who is in each.
import { announce } from "../shared/announce.js";
import { groupMembers } from "../shared/api.js";
import { confirmed } from "../shared/confirm.js";
import { icon, make, theirs } from "../shared/dom.js";
import { dialogOpener, during, onSubmit, tellDone } from "../shared/form.js";
import { listing } from "../shared/listing.js";
import { ask } from "../shared/organization-api.js";
import { refresh, remember } from "../shared/refresh.js";
import { say } from "../shared/strings.js";
import "../shared/person-picker.js";

const outcome = document.querySelector("#groups-outcome");
const lineOf = (id) => document.querySelector(`[data-group="${CSS.escape(id)}"]`);
const nameOf = (line) => line.dataset.name;

remember();
listing("/organization/groups", ["groups"]);

// --- Making, naming, deleting ------------------------------------------------------------------------------------

const taken = (problem) => (problem.code === "already_taken" ? [{ field: "name", message: say("groups.taken") }] : null);
const nameless = (form) => (form.elements.name.value.trim() ? [] : [{ field: "name", message: say("need.name") }]);

const creating = document.querySelector("#create");
onSubmit(creating, {
  check: () => nameless(creating),
  explain: taken,
  async send() {
    const { id, name } = await ask("/groups", { method: "POST", body: { name: creating.elements.name.value.trim() } });
    creating.reset();
    await refresh(["groups"]);
    tellDone(outcome, say("groups.created", { name }));
    const line = lineOf(id);
    if (!line) return;
    line.querySelector("details").open = true;
    line.querySelector("person-picker").input.focus();
  },
});

const renaming = document.querySelector("#rename");
const renameForm = renaming.querySelector("form");
const openRenaming = dialogOpener(renaming);
let renamed = null, version = 0;
onSubmit(renameForm, {
  check: () => nameless(renameForm),
  explain: taken,
  async send() {
    const name = renameForm.elements.name.value.trim();
    await ask(`/groups/${renamed}`, { method: "PATCH", body: { name, version } });
    renaming.close();
    await refresh(["groups"]);
    tellDone(outcome, say("groups.renamed", { name }));
    lineOf(renamed)?.querySelector("summary").focus();
  },
});

function rename(line) {
  renamed = line.dataset.group;
  version = Number(line.dataset.version);
  openRenaming();
  renameForm.elements.name.value = nameOf(line);
  renameForm.elements.name.select();
}

async function remove(line) {
  const name = nameOf(line);
  if (!(await confirmed({ title: say("groups.delete.title", { name }), detail: say("groups.delete.detail"), action: say("groups.delete.action") }))) return;
  await ask(`/groups/${line.dataset.group}`, { method: "DELETE" });
  await refresh(["groups"]);
  tellDone(outcome, say("groups.deleted", { name }));
  creating.elements.name.focus();
}

// --- Who is in one -----------------------------------------------------------------------------------------------

async function open(line) {
  if (line.people) return;
  line.querySelector("person-picker").among = { outside: line.dataset.group };
  line.people = [];
  const list = line.querySelector(".group-members");
  list.replaceChildren(make("li.skeleton", { "aria-hidden": "true" }));
  try {
    line.people = await groupMembers(line.dataset.group);
    draw(line);
  } catch {
    line.people = null;
    list.replaceChildren(make("li.hint", {}, say("groups.failed")));
  }
}

function draw(line) {
  const group = nameOf(line);
  line.querySelector(".group-size").textContent = say("groups.size", { count: line.people.length });
  const lines = line.people.map((person) => make("li", {},
    make("span.line-what", {}, make("span.person-name", {}, theirs(person.name)), make("span.hint", {}, theirs(person.email))),
    make("button.button", { type: "button", "data-look": "quiet", "data-size": "small", "data-take-out": person.userId, "aria-label": say("groups.removeOf", { name: person.name, group }) }, make("span.spinner", { "aria-hidden": "true" }), say("action.remove"))));
  line.querySelector(".group-members").replaceChildren(...(lines.length ? lines : [make("li.hint", {}, say("groups.empty"))]));
}

const place = (line, person) => `/groups/${line.dataset.group}/members/${person.userId}`;

async function add(line, person) {
  await ask(place(line, person), { method: "PUT" });
  line.people = [...line.people, person].sort((a, b) => a.name.localeCompare(b.name));
  draw(line);
  announce(say("groups.added", { name: person.name, group: nameOf(line) }));
}

async function takeOut(line, id) {
  const person = line.people.find(({ userId }) => userId === id);
  await ask(place(line, person), { method: "DELETE" });
  line.people = line.people.filter(({ userId }) => userId !== id);
  draw(line);
  const told = line.querySelector(".outcome");
  const undo = make("button.button", { type: "button", "data-size": "small" }, icon("refresh", "icon icon-small"), say("action.undo"));
  tellDone(told, say("groups.removed", { name: person.name, group: nameOf(line) }));
  told.firstElementChild.append(undo);
  undo.addEventListener("click", () => during(undo, async () => {
    await add(line, person);
    line.querySelector("person-picker").input.focus();
  }, told));
  undo.focus();
}

// --- What is pressed ---------------------------------------------------------------------------------------------

// "toggle" does not bubble.
document.addEventListener("toggle", (event) => {
  const line = event.target.closest?.("[data-group]");
  if (line && event.target.open) open(line);
}, true);

document.addEventListener("pick", (event) => {
  const picker = event.target, line = picker.closest?.("[data-group]");
  const [person] = picker.selected ?? [];
  if (!line || !person) return;
  picker.select([], { quietly: true });
  during(picker, () => add(line, person), line.querySelector(".outcome"));
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-rename], [data-delete], [data-take-out]");
  if (!button) return;
  const line = button.closest("[data-group]");
  if ("rename" in button.dataset) rename(line);
  else if ("delete" in button.dataset) during(button, () => remove(line), outcome);
  else during(button, () => takeOut(line, button.dataset.takeOut), line.querySelector(".outcome"));
});
