// Takes somebody out of the organization, or lets one leave it: asks who takes over, and shows what came of it.
import { announce } from "../shared/announce.js";
import { Problem, members } from "../shared/api.js";
import { writeDate, writeTime } from "../shared/clock.js";
import { make, theirs } from "../shared/dom.js";
import { clearErrors, showErrors } from "../shared/form-errors.js";
import { ask, organization } from "../shared/organization-api.js";
import { during } from "../shared/outcome.js";
import { sentence } from "../shared/saving.js";
import { say } from "../shared/strings.js";
import "../shared/person-picker.js";

const dialog = document.querySelector("#departure");
const form = dialog.querySelector("#departure-form");
const departed = dialog.querySelector("#departed");
const picker = form.querySelector("person-picker");
const { zone } = dialog.dataset;
const outcome = form.querySelector(".outcome");
const text = (id, value) => { dialog.querySelector(`#${id}`).textContent = value; };

/**
 * @param {{id: string, name: string, mayBook: boolean, isYou: boolean, place?: string}} person
 *   `place` is the organization's name, said to who leaves it
 * @returns {Promise<boolean>} whether they are out
 */
export async function depart(person) {
  const key = person.isYou ? "leave" : "remove";
  text("departure-title", say(`depart.${key}.title`, { name: person.isYou ? person.place : person.name }));
  text("departure-detail", say(`depart.${key}.detail`));
  text("successor-hint", say(`depart.${key}.successor`));
  text("departure-action", say(`depart.${key}.action`));
  form.hidden = false;
  departed.hidden = true;
  clearErrors(form);
  outcome.replaceChildren();
  form.querySelector("#departure-successor").hidden = !person.mayBook;
  picker.select([], { quietly: true });
  if (person.mayBook) picker.load(successors(person));

  let isOut = false;
  const send = (event) => {
    event.preventDefault();
    during(form.querySelector('[type="submit"]'), async () => { isOut = await remove(person); }, outcome);
  };
  form.addEventListener("submit", send);
  dialog.showModal();
  await new Promise((closed) => dialog.addEventListener("close", closed, { once: true }));
  form.removeEventListener("submit", send);
  return isOut;
}

async function successors(person) {
  const [admins, counselors] = await Promise.all([members(organization, "admin"), members(organization, "counselor")]);
  return [...admins, ...counselors].filter(({ userId }) => userId !== person.id).sort((a, b) => a.name.localeCompare(b.name));
}

async function remove(person) {
  clearErrors(form);
  const successor = person.mayBook ? picker.selected[0] : null;
  try {
    const query = successor ? `?handOverTo=${successor.userId}` : "";
    show(person, successor, await ask(`/members/${person.id}${query}`, { method: "DELETE" }));
    return true;
  } catch (error) {
    if (error instanceof Problem && error.code === "last_admin") {
      error.detail = say(person.isYou ? "depart.lastAdmin" : "depart.lastAdmin.other", { name: person.name });
    } else if (error instanceof Problem && error.errors.length) {
      const errors = error.errors.map(({ field, message }) => ({ field, message: sentence(message) }));
      if (!showErrors(form, errors).length) return false;
    }
    throw error;
  }
}

function show(person, successor, { handedOver, sessions }) {
  const heading = say(person.isYou ? "departed.left" : "departed.removed", { name: person.name });
  const told = [];
  if (successor) told.push(handedOver ? say("departed.handedOver", { count: handedOver, name: successor.name }) : say("departed.noneHandedOver"));
  if (person.isYou) sessions.length && told.push(say("departed.ownSessions", { count: sessions.length }));
  else told.push(sessions.length ? say("departed.sessions", { count: sessions.length }) : say("departed.noSessions"));
  text("departed-title", heading);
  text("departed-detail", told.join(" "));
  // Who has left may not open them any more.
  dialog.querySelector("#departed-sessions").replaceChildren(...(person.isYou ? [] : sessions.map(line)));
  form.hidden = true;
  departed.hidden = false;
  announce(`${heading}. ${told.join(" ")}`);
  dialog.querySelector("#departed-title").focus();
}

function line({ id, title, scheduledAt }) {
  const start = new Date(scheduledAt);
  return make("li", {}, make("a", { href: `/sessions/${id}`, target: "_blank" }, theirs(title)),
    make("span.hint.tabular", {}, `${writeDate(start, zone)}, ${writeTime(start, zone)}`));
}

dialog.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-act]")) dialog.close();
});
