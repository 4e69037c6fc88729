// Removes a member, or lets one leave: asks who takes over, and shows what came of it.
import { announce } from "../shared/announce.js";
import { writeDate, writeTime } from "../shared/clock.js";
import { make, theirs } from "../shared/dom.js";
import { dialogOpener, onSubmit } from "../shared/form.js";
import { ask } from "../shared/organization-api.js";
import { say } from "../shared/strings.js";
import "../shared/person-picker.js";

const dialog = document.querySelector("#remove-member");
const form = dialog.querySelector("#remove-form");
const removed = dialog.querySelector("#removed");
const picker = form.querySelector("person-picker");
const { zone } = dialog.dataset;
const open = dialogOpener(dialog);
const text = (id, value) => { dialog.querySelector(`#${id}`).textContent = value; };
picker.among = { role: "admin,counselor" };
/** Whom the dialog is about, and whether they are out. */
let person = null, isOut = false;

/**
 * @param {{id: string, name: string, mayBook: boolean, isYou: boolean, place?: string}} whom
 *   `place` is the organization's name, said to somebody who leaves it
 * @returns {Promise<boolean>} whether they are out
 */
export async function removeMember(whom) {
  person = whom;
  isOut = false;
  const key = person.isYou ? "leave" : "remove";
  text("remove-title", say(`member.${key}.title`, { name: person.isYou ? person.place : person.name }));
  const isMailed = Boolean(document.querySelector("[data-mailed]"));
  text("remove-detail", say(person.isYou || isMailed ? `member.${key}.detail` : "member.remove.detail.unmailed"));
  text("successor-hint", say(`member.${key}.successor`));
  text("remove-action", say(person.isYou ? "member.leave.action" : "action.remove"));
  form.hidden = false;
  removed.hidden = true;
  form.querySelector("#remove-successor").hidden = !person.mayBook;
  picker.select([], { quietly: true });
  picker.except = [person.id];
  open();
  await new Promise((closed) => dialog.addEventListener("close", closed, { once: true }));
  return isOut;
}

onSubmit(form, {
  async send() {
    const successor = person.mayBook ? picker.selected[0] : null;
    const query = successor ? `?handOverTo=${successor.userId}` : "";
    const left = await ask(`/members/${person.id}${query}`, { method: "DELETE" });
    isOut = true;
    show(successor, left);
  },
  explain(problem) {
    if (problem.code === "last_admin") problem.detail = say(person.isYou ? "member.leave.lastAdmin" : "member.remove.lastAdmin", { name: person.name });
    return null;
  },
});

function show(successor, { handedOver, sessions }) {
  const heading = say(person.isYou ? "member.gone.left" : "member.gone.removed", { name: person.name });
  const told = [];
  if (successor) told.push(handedOver ? say("member.gone.handedOver", { count: handedOver, name: successor.name }) : say("member.gone.noneHandedOver"));
  if (person.isYou) sessions.length && told.push(say("member.gone.ownSessions", { count: sessions.length }));
  else told.push(sessions.length ? say("member.gone.sessions", { count: sessions.length }) : say("member.gone.noSessions"));
  // Those who have left may not open them any more.
  tell(heading, told.join(" "), person.isYou ? [] : sessions);
}

function tell(heading, detail, sessions) {
  text("removed-title", heading);
  text("removed-detail", detail);
  dialog.querySelector("#removed-sessions").replaceChildren(...sessions.map(line));
  form.hidden = true;
  removed.hidden = false;
  announce(`${heading}. ${detail}`);
  dialog.querySelector("#removed-title").focus();
}

/** Says which sessions somebody in another role is still booked for. */
export async function tellCommitments(heading, detail, sessions) {
  dialog.showModal();
  tell(heading, detail, sessions);
  await new Promise((closed) => dialog.addEventListener("close", closed, { once: true }));
}

function line({ id, title, scheduledAt }) {
  const start = new Date(scheduledAt);
  return make("li", {}, make("a", { href: `/sessions/${id}`, target: "_blank" }, theirs(title)),
    make("span.hint.tabular", {}, `${writeDate(start, zone)}, ${writeTime(start, zone)}`));
}

removed.querySelector("button").addEventListener("click", () => dialog.close());
