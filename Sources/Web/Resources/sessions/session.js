// One session, kept true while it is looked at: the server renders every state, this page fetches the new one.
import { announce } from "../shared/announce.js";
import { call, Problem } from "../shared/api.js";
import { writeRange } from "../shared/clock.js";
import { during, tell, tellFailure } from "../shared/form.js";
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
let mayFollow = true;

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
  const pending = mayFollow && status() === "pending_meeting" && !state().hasAttribute("data-over");
  if (!pending) {
    clearInterval(asking);
    clearTimeout(slow);
    asking = slow = 0;
    return;
  }
  asking ||= setInterval(ask, askEvery);
  slow ||= setTimeout(() => {
    if (status() !== "pending_meeting") return;
    tell(outcome, { tone: null, symbol: "clock", heading: say("session.slow.title"), detail: say("session.slow.detail"), focus: false });
  }, slowAfter);
}

/** When its time is over nobody can join any more, and the server says so. */
function watchEnd() {
  clearTimeout(ending);
  const left = Number(state().dataset.end) * 1000 - Date.now();
  // A timer cannot wait for longer; the page is loaded anew by then.
  if (mayFollow && left > 0 && left < 2 ** 31 - 2_000) ending = setTimeout(update, left + 1_000);
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

async function act(name) {
  try {
    await call(`${url}/${name}`, { method: "POST", body: {} });
  } catch (error) {
    return tellRefusal(error);
  }
  await update();
  focusState();
}

async function cancel() {
  const dialog = document.querySelector("#cancel-dialog");
  dialog.returnValue = "";
  dialog.showModal();
  await new Promise((closed) => dialog.addEventListener("close", closed, { once: true }));
  if (dialog.returnValue === "yes") await act("cancel");
}

/** The button that was pressed is gone; what came of it gets the focus. */
function focusState() {
  state().tabIndex = -1;
  state().focus({ preventScroll: true });
}

function tellRefusal(error) {
  if (!(error instanceof Problem && error.code === "slot_conflict")) return tellFailure(outcome, error);
  const [taken] = error.conflicts;
  const detail = taken ? say("session.retry.conflictDetail", { name: nameOf(taken.userId), range: writeRange(new Date(taken.start), new Date(taken.end), zone) }) : error.detail;
  tell(outcome, { heading: say("session.retry.conflict"), detail });
}

const nameOf = (person) => document.querySelector(`.people [data-user="${CSS.escape(person ?? "")}"] bdi`)?.textContent ?? say("somebody");

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("#retry, #cancel");
  if (button?.id === "retry") during(button, () => act("retry"), outcome);
  if (button?.id === "cancel") cancel();
});

remember();
watch();
listen((sessions) => { if (!sessions.size || sessions.has(id)) update(); }, {
  onRefused() {
    mayFollow = false;
    watch();
  },
});
