// One session, kept true while it is looked at: the server renders every state, this page fetches the new one.
import { announce } from "../shared/announce.js";
import { call, Problem } from "../shared/api.js";
import { writeRange } from "../shared/clock.js";
import { icon, make } from "../shared/dom.js";
import { listen } from "../shared/live.js";
import { refresh, remember } from "../shared/refresh.js";
import { say } from "../shared/strings.js";
import "../shared/copy.js";

const { session: id, timeZone: zone } = document.querySelector("[data-session]").dataset;
const url = `/api/counselor/sessions/${id}`;
const outcome = document.querySelector("#outcome");
const state = () => document.querySelector('[data-refresh="state"]');
const status = () => state().dataset.status;
const isLive = () => state().hasAttribute("data-live");

const slowAfter = 30_000, askEvery = 2_000;
let slow = 0, asking = 0, ending = 0;

// --- Following what happens --------------------------------------------------------------------------------------

async function update() {
  const before = status(), wasLive = isLive();
  const changed = await refresh(["heading", "state", "actions"]).catch(() => false);
  if (!changed) return watchEnd();
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches) state().animate([{ opacity: 0.3, translate: "0 4px" }, { opacity: 1, translate: "0 0" }], { duration: 240, easing: "ease-out" });
  if (status() !== before) {
    outcome.replaceChildren();
    announce(say({ scheduled: "session.ready", meeting_failed: "session.failed", cancelled: "session.cancelled", completed: "session.completed", pending_meeting: "session.pending" }[status()] ?? "live.changed"));
  } else if (isLive() && !wasLive) {
    announce(say("session.live"));
  }
  watch();
}

/** While the meeting is being made: ask every two seconds beside listening, and say so when it takes long. */
function watch() {
  watchEnd();
  const pending = status() === "pending_meeting" && !state().hasAttribute("data-over");
  if (!pending) {
    clearInterval(asking);
    clearTimeout(slow);
    asking = slow = 0;
    return;
  }
  asking ||= setInterval(ask, askEvery);
  slow ||= setTimeout(() => {
    if (status() !== "pending_meeting") return;
    const notice = make("div.notice", {}, icon("clock"), make("strong", {}, say("session.slow.title")), make("p", {}, say("session.slow.detail")));
    outcome.replaceChildren(notice);
    announce(`${say("session.slow.title")}. ${say("session.slow.detail")}`);
  }, slowAfter);
}

/** When its time is over nobody can join any more, and the server says so. */
function watchEnd() {
  clearTimeout(ending);
  const left = Number(state().dataset.end) * 1000 - Date.now();
  // A timer cannot wait for longer; the page is loaded anew by then.
  if (left > 0 && left < 2 ** 31 - 2_000) ending = setTimeout(update, left + 1_000);
}

async function ask() {
  if (document.hidden) return;
  try {
    const { status: now } = await call(url);
    if (now !== status()) await update();
  } catch (error) {
    // Who may see the page but not this interface learns it from the page itself.
    if (error instanceof Problem && (error.status === 403 || error.status === 404)) await update();
  }
}

// --- Doing something ---------------------------------------------------------------------------------------------

async function retry(button) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  outcome.replaceChildren();
  try {
    await call(`${url}/retry`, { method: "POST", body: {} });
    await update();
    focusState();
  } catch (error) {
    tellFailure(error);
  } finally {
    button.removeAttribute("aria-busy");
  }
}

async function cancel() {
  const dialog = document.querySelector("#cancel-dialog");
  dialog.returnValue = "";
  dialog.showModal();
  await new Promise((closed) => dialog.addEventListener("close", closed, { once: true }));
  if (dialog.returnValue !== "yes") return;
  try {
    await call(`${url}/cancel`, { method: "POST", body: {} });
    await update();
    focusState();
  } catch (error) {
    tellFailure(error);
  }
}

/** The button that was pressed is gone; what came of it gets the focus. */
function focusState() {
  state().tabIndex = -1;
  state().focus({ preventScroll: true });
}

function tellFailure(error) {
  const taken = error instanceof Problem && error.code === "slot_conflict" ? error.conflicts[0] : null;
  const heading = taken || error.code === "slot_conflict" ? say("session.retry.conflict") : say("session.action.failed");
  const detail = taken
    ? say("session.retry.conflictDetail", { name: nameOf(taken.userId), range: writeRange(new Date(taken.start), new Date(taken.end), zone) })
    : error instanceof Problem && error.status < 500 ? error.detail : "";
  const notice = make("div.notice", { "data-tone": "bad", role: "alert", tabindex: "-1" }, icon("alert"), make("strong", {}, heading), detail && make("p", {}, detail));
  outcome.replaceChildren(notice);
  notice.focus();
}

const nameOf = (person) => document.querySelector(`.people [data-user="${CSS.escape(person ?? "")}"] bdi`)?.textContent ?? say("somebody");

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("#retry, #cancel");
  if (button?.id === "retry") retry(button);
  if (button?.id === "cancel") cancel();
});

remember();
watch();
listen((sessions) => { if (!sessions.size || sessions.has(id)) update(); });
