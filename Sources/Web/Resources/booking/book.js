// Books a session: who, when, details; a summary beside it, and one request at the end.
import { announce } from "../shared/announce.js";
import { Problem } from "../shared/api.js";
import { Attempt } from "./booking.js";
import { instantAt, readDay, readTime, sameClock, timeSeenFrom, writeDate, writeRange, writeTime } from "../shared/clock.js";
import { make, theirs } from "../shared/dom.js";
import { sentence, tell, tellFailure } from "../shared/form.js";
import { clearErrors, markError, showErrors } from "../shared/form-errors.js";
import { listen } from "../shared/live.js";
import { TypedTime } from "./typed-time.js";
import { isolated, say } from "../shared/strings.js";
import { city } from "../shared/city.js";
import "../shared/person-picker.js";
import "./tag-input.js";
import "./time-picker.js";

/** @type {HTMLFormElement} */
const form = document.querySelector("#booking");
const page = JSON.parse(form.dataset.page);
const zone = page.timeZone;
const at = (name) => form.querySelector(`[data-field="${name}"]`);
const students = at("students").querySelector("person-picker");
const mentor = at("mentorId").querySelector("person-picker");
const counselor = at("counselorId").querySelector("person-picker");
const times = form.querySelector("time-picker");
const title = form.elements.title;
const outcome = document.querySelector("#outcome");
const submit = document.querySelector("#submit");
const attempt = new Attempt();
const query = new URLSearchParams(location.search);
let titleIsTyped = false;

const kind = () => page.kinds.find((one) => one.value === form.elements.kind.value) ?? page.kinds[0];
const hostField = () => (kind().providerRole === "counselor" ? "counselorId" : "mentorId");
const host = () => (kind().providerRole === "counselor" ? counselor : mentor).selected[0];
const duration = () => Number(form.elements.duration.value);
// The host first: their clock says which hours are asked for, and the server looks for others on it, too.
const people = () => [host(), ...students.selected].filter(Boolean);
const nameOf = (id) => people().find((person) => person.userId === id)?.name ?? say("somebody");
const end = (start) => new Date(start.getTime() + duration() * 60_000);

// --- Following the choices ---------------------------------------------------------------------------------------

function follow() {
  const { many, fields, providerRole } = kind();
  students.many = many;
  at("students").querySelector(".one").hidden = many;
  at("students").querySelector(".several").hidden = !many;
  at("mentorId").hidden = providerRole === "counselor";
  at("counselorId").hidden = providerRole !== "counselor";
  for (const own of form.querySelectorAll("[data-own]")) own.hidden = !fields.includes(own.dataset.field);

  times.show(people(), students.selected.length > 0 && Boolean(host()), duration());
  if (!titleIsTyped && title.value !== suggestedTitle()) {
    title.value = suggestedTitle();
    clearErrors(at("title"));
  }
  drawSummary();
  drawBusy();
}

function suggestedTitle() {
  const { label, many } = kind();
  const names = students.selected.map((student) => student.name);
  if (!names.length) return "";
  const suggestion = many && names.length > 2
    ? say("title.class", { kind: label, count: names.length })
    : say("title.with", { kind: label, names: names.length > 1 ? say("names.and", { first: names[0], last: names[1] }) : names[0] });
  // A title is kept as it is: what isolates a name in it is added where it is shown.
  return suggestion.replace(/[\u2068\u2069]/g, "");
}

function drawSummary() {
  const summary = document.querySelector("#summary");
  const start = times.value;
  summary.dataset.kind = kind().value;
  const [whoLine, whenLine, whereLine] = summary.querySelectorAll("ul > li > div");
  const blank = (text) => make("span.summary-blank", {}, text);
  const blanks = summary.dataset;
  summary.querySelector(".kind").textContent = kind().label;
  summary.querySelector("h2").replaceChildren(theirs(title.value.trim() || blanks.title));
  const others = start ? people().filter((person) => !sameClock(start, zone, person.timeZone)) : [];
  whoLine.replaceChildren(people().length ? people().map((person) => isolated(person.name)).join(", ") : blank(blanks.people));
  whenLine.replaceChildren(...(start
    ? [
      make("strong.tabular", {}, writeDate(start, zone, { withYear: isFar(start) })),
      make("span.tabular", {}, `${writeTime(start, zone)} – ${writeTime(end(start), zone)} ${city(zone)}`),
      ...others.map((person) => make("span.hint.tabular", {}, `${writeRange(start, end(start), person.timeZone)} ${city(person.timeZone)} (${isolated(person.name)})`)),
    ]
    : [blank(blanks.time)]));
  whereLine.textContent = form.querySelector('[name="meetingProvider"]:checked')?.closest("label").textContent.trim() ?? "";
}

/** A wrong year is easily overlooked. */
const isFar = (start) => start.getTime() - Date.now() > 90 * 24 * 3600_000;

/** Anyone who is busy at the chosen time is named before anything is sent. */
function drawBusy() {
  const note = document.querySelector("#busy-note");
  const start = times.value;
  const clash = start && times.busy.find((one) => one.start < end(start) && one.end > start);
  const past = start && start.getTime() < Date.now();
  note.hidden = !clash && !past;
  note.querySelector("p").textContent = past ? say("times.past")
    : clash ? say("times.busy", { name: nameOf(clash.userId), range: `${writeTime(clash.start, zone)} – ${writeTime(clash.end, zone)}` }) : "";
}

// --- Any other time ----------------------------------------------------------------------------------------------

const typedTime = new TypedTime(form, zone);

function takeTypedTime() {
  const { instant, wrong } = typedTime.read();
  if (instant) return chooseTime(instant);
  if (!wrong) return;
  // What stands in the fields is not what was chosen before, and must not be booked as if it were.
  times.choose(null);
  markError(at("scheduledStartTime"), wrong);
  announce(wrong);
  drawSummary();
  drawBusy();
}

function chooseTime(instant) {
  times.choose(instant);
  typedTime.show(instant);
  clearErrors(at("scheduledStartTime"));
  drawSummary();
  drawBusy();
}

// --- Sending -----------------------------------------------------------------------------------------------------

function booking() {
  const { value, many, fields } = kind();
  const own = {};
  for (const name of fields) {
    const place = at(name);
    const tags = place?.querySelector("tag-input");
    const given = tags ? tags.tags : form.elements[name]?.value.trim();
    if (given?.length) own[name] = given;
  }
  return {
    kind: value,
    ...(many ? { studentIds: students.selected.map((student) => student.userId) } : { studentId: students.selected[0]?.userId }),
    [hostField()]: host()?.userId,
    title: title.value.trim(),
    scheduledStartTime: times.value?.toISOString().replace(".000Z", "Z"),
    duration: duration(),
    meetingProvider: form.elements.meetingProvider.value,
    ...own,
  };
}

function missing() {
  const need = [];
  if (!students.selected.length) need.push("students");
  if (!host()) need.push(hostField());
  if (!times.value) need.push("scheduledStartTime");
  if (!title.value.trim()) need.push("title");
  const { wrong } = times.value ? {} : typedTime.read();
  return need.map((field) => ({ field, message: (field === "scheduledStartTime" && wrong) || say(`need.${field}`) }));
}

async function send() {
  if (submit.getAttribute("aria-busy") === "true") return;
  outcome.replaceChildren();
  const gaps = missing();
  if (gaps.length) {
    showErrors(form, gaps);
    return announce(say("form.invalid", { count: gaps.length }));
  }
  clearErrors(form);
  submit.setAttribute("aria-busy", "true");
  announce(say("book.sending"));
  try {
    const { sessionId } = await attempt.send(booking());
    announce(say("book.booked"));
    location.assign(`/sessions/${sessionId}`); // The button stays busy until the next page is there.
  } catch (error) {
    submit.removeAttribute("aria-busy");
    explain(error);
  }
}

function explain(error) {
  const problem = error instanceof Problem ? error : null;
  if (problem?.code === "slot_conflict") return explainConflict(problem);
  if (problem?.code === "insufficient_units") return tell(outcome, { heading: say("book.units.title"), detail: problem.detail || say("book.units.detail") });
  if (!problem?.errors.length) return tellFailure(outcome, error, { words: "book", retry: send });
  const { errors } = problem;
  const homeless = showErrors(form, errors.map(inOurWords));
  announce(say("form.invalid", { count: errors.length }));
  if (homeless.length) tell(outcome, { heading: say("book.failed"), detail: homeless.map(({ message }) => message).join(" "), focus: homeless.length === errors.length });
}

/** The server's message goes on from the name of its field, which is not what the page calls it. */
function inOurWords({ field: whole, message }) {
  const name = whole.replace(/[.[].*$/, "");
  const field = { studentId: "students", studentIds: "students" }[name] ?? name;
  const ours = say(`wrong.${field}`);
  if (ours !== `wrong.${field}`) return { field, message: ours };
  const label = at(field)?.querySelector("label, legend")?.firstChild.textContent.trim();
  return { field, message: sentence(label ? `${label} ${message}` : message) };
}

function explainConflict({ conflicts, alternatives }) {
  times.renew();
  const who = conflicts.map((one) => say("book.conflict.who", { name: nameOf(one.userId), range: writeRange(new Date(one.start), new Date(one.end), zone) }));
  const choices = alternatives.map(({ start }) => {
    const instant = new Date(start);
    const other = people().find((person) => !sameClock(instant, zone, person.timeZone));
    const take = () => { chooseTime(instant); send(); };
    return make("li", {}, make("button.button", { type: "button", onclick: take },
      make("span.tabular", {}, `${writeDate(instant, zone)}, ${writeTime(instant, zone)}`),
      other && make("span.hint.tabular", {}, `${timeSeenFrom(instant, other.timeZone, zone)} ${city(other.timeZone)}`)));
  });
  tell(outcome, {
    tone: "warn", heading: say("book.conflict.title"),
    detail: [...who, say(choices.length ? "book.conflict.choose" : "book.conflict.none")].join(" "),
    more: choices.length ? make("ul.alternatives", {}, ...choices) : [],
  });
}

// --- Beginning ---------------------------------------------------------------------------------------------------

form.addEventListener("pick", (event) => {
  const field = event.target.closest("[data-field]");
  if (field) clearErrors(field);
  if (event.target === times) {
    typedTime.show(times.value);
    outcome.replaceChildren();
  }
  follow();
});
form.addEventListener("times", drawBusy);
form.addEventListener("change", (event) => {
  if (typedTime.has(event.target)) return takeTypedTime();
  if (["kind", "duration", "meetingProvider"].includes(event.target.name)) follow();
});
form.addEventListener("input", (event) => {
  const field = event.target.closest("[data-field][data-invalid]");
  if (field) clearErrors(field);
  if (event.target !== title) return;
  titleIsTyped = title.value !== "";
  drawSummary();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});

students.among = { role: "student" };
mentor.among = { role: "mentor" };
counselor.among = { role: "counselor" };
students.many = kind().many;
const first = page.people;
students.select(students.many ? first.students : first.students.slice(0, 1), { quietly: true });
mentor.select([first.mentor].filter(Boolean), { quietly: true });
counselor.select([first.counselor].filter(Boolean), { quietly: true });

times.start(zone);
const asked = instantAt(readDay(query.get("day")), readTime(query.get("time")), zone);
if (asked && asked.getTime() > Date.now() && asked <= typedTime.last) chooseTime(asked);
follow();
listen((sessions) => { if (sessions.size) times.renew(); });
addEventListener("pageshow", (event) => { if (event.persisted) submit.removeAttribute("aria-busy"); });
