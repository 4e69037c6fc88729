// What came of an action, said beside it.
import { announce } from "./announce.js";
import { Problem, Unreachable } from "./api.js";
import { icon, make } from "./dom.js";
import { signInAgain } from "./signing-in.js";
import { say } from "./strings.js";

/** @param {Element} place an `.outcome` @param {string} text */
export function tellDone(place, text) {
  place.replaceChildren(make("p.done", {}, icon("check"), text));
  announce(text);
}

/** @param {Element} place an `.outcome` @param {unknown} error what was thrown */
export function tellFailure(place, error) {
  let heading = say("action.failed"), detail = say("action.failed.detail"), more = null;
  if (error instanceof Unreachable) [heading, detail] = [say("action.lost"), say("action.lost.detail")];
  else if (!(error instanceof Problem)) throw error;
  else if (error.code === "stale_version") [heading, detail] = [say("stale.title"), say("stale.again")];
  else if (error.status === 401) [heading, detail, more] = [say("action.signedOut"), say("action.signedOut.detail"), signInAgain()];
  else if (error.status < 500 && error.detail) detail = error.detail;
  const notice = make("div.notice", { "data-tone": "bad", role: "alert", tabindex: "-1" }, icon("alert"), make("strong", {}, heading), make("p", {}, detail), more);
  place.replaceChildren(notice);
  notice.focus();
}

/**
 * Does something for a button, which shows that it is being done and cannot be pressed meanwhile.
 * @param {Element} button
 * @param {() => Promise<void>} work
 * @param {Element} place where a failure is told
 */
export async function during(button, work, place) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  place.replaceChildren();
  try {
    await work();
  } catch (error) {
    tellFailure(place, error);
  } finally {
    button.removeAttribute("aria-busy");
  }
}
