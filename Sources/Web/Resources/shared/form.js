// Forms and buttons that ask the server for something: what is wrong stands at its field, what came of it beside the
// button. What happened is told in one look everywhere; `words` says in whose words, by the first part of the keys.
import { announce } from "./announce.js";
import { Problem, Unreachable } from "./api.js";
import { icon, make } from "./dom.js";
import { clearErrors, showErrors } from "./form-errors.js";
import { say } from "./strings.js";

/** @typedef {{field: string, message: string}} FieldError */

/**
 * Sends a form when it is submitted.
 * @param {HTMLFormElement} form with a button that submits
 * @param {{
 *   check?: () => FieldError[], what is missing before anything is sent;
 *   send: () => Promise<void>;
 *   explain?: (problem: Problem) => FieldError[] | null, in place of the server's errors;
 *   reveal?: (errors: FieldError[]) => void, makes their fields visible;
 *   outcome?: Element, where it is told what came of it: the form's own `.outcome` when it is not said;
 *   saves?: boolean, whether it stays as it is and says "Saved", as forms of settings do.
 * }} how
 */
export function onSubmit(form, { check = () => [], send, explain = () => null, reveal = () => {}, outcome = form.querySelector(".outcome"), saves = false }) {
  async function attempt() {
    clearErrors(form);
    const missing = check();
    if (missing.length) return void point(missing);
    if (saves) announce(say("save.saving"));
    try {
      await send();
    } catch (error) {
      const errors = error instanceof Problem ? explain(error) ?? error.errors.map(inSentences) : [];
      if (!errors.length || !point(errors)) throw error;
      return;
    }
    if (saves) tellDone(outcome, say("save.done"));
  }

  /** Says at the fields what is wrong; whether all of it could be said. */
  function point(errors) {
    // An entry of a list is wrong where the list is.
    const known = errors.map(({ field, message }) => ({ field: field.replace(/\[\d+\].*$/, ""), message }));
    const count = say("form.invalid", { count: known.length });
    reveal(known);
    const homeless = showErrors(form, known);
    announce([saves && count, ...known.map(({ message }) => message)].filter(Boolean).join(" "));
    if (!saves) return !homeless.length;
    tell(outcome, { heading: count, detail: homeless.map(({ field, message }) => `${field}: ${message}`).join(" "), focus: homeless.length === known.length });
    return true;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    during(form.querySelector('[type="submit"]') ?? event.submitter, attempt, outcome, { words: saves ? "save" : "action" });
  });
  for (const kind of ["input", "change", "pick"]) {
    form.addEventListener(kind, (event) => {
      outcome.querySelector(".done")?.remove();
      const field = event.target.closest?.("[data-field][data-invalid]");
      if (field) clearErrors(field);
    });
  }
}

const inSentences = ({ field, message }) => ({ field, message: sentence(message) });

/** A message of the server's, which goes on from the field's name, as a sentence. */
export const sentence = (text) => text.charAt(0).toLocaleUpperCase() + text.slice(1) + (/[.?!]$/.test(text) ? "" : ".");

/**
 * For a dialog around such a form; its button `[data-act=cancel]` closes it.
 * @param {HTMLDialogElement} dialog @returns {() => void} opens it clean
 */
export function dialogOpener(dialog) {
  const form = dialog.querySelector("form");
  dialog.querySelector('[data-act="cancel"]').addEventListener("click", () => dialog.close());
  return () => {
    form.reset();
    clearErrors(form);
    form.querySelector(".outcome").replaceChildren();
    dialog.showModal();
  };
}

/**
 * Does something for a button, which shows that it is being done and cannot be pressed meanwhile.
 * @param {Element} button
 * @param {() => Promise<void>} work
 * @param {Element} place where a failure is told
 * @param {Parameters<typeof tellFailure>[2]} [how]
 */
export async function during(button, work, place, how) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  place.replaceChildren();
  try {
    await work();
  } catch (error) {
    tellFailure(place, error, how);
  } finally {
    button.removeAttribute("aria-busy");
  }
}

/** @param {Element} place an `.outcome` @param {string} text */
export function tellDone(place, text) {
  place.replaceChildren(make("p.done", {}, icon("check"), text));
  announce(text);
}

/**
 * A notice in place of what stands in `place`.
 * @param {Element} place an `.outcome`
 * @param {{heading: string, detail?: string, tone?: "bad" | "warn" | "good" | null, symbol?: string, more?: any, focus?: boolean}} notice
 *   `more` follows the text: elements, or one
 */
export function tell(place, { heading, detail, tone = "bad", symbol = tone === "good" ? "check" : "alert", more = [], focus = true }) {
  const notice = make("div.notice", { "data-tone": tone, role: "alert", tabindex: "-1" },
    icon(symbol), make("strong", {}, heading), detail && make("p", {}, detail), ...[more].flat());
  place.replaceChildren(notice);
  if (focus) notice.focus();
}

/**
 * Says why something was not done.
 * @param {Element} place an `.outcome`
 * @param {unknown} error what was thrown; what is neither a problem nor a lost connection is our mistake, and is thrown on
 * @param {{words?: "action" | "save" | "book", retry?: () => void}} [how] `retry` is offered where it may help
 */
export function tellFailure(place, error, { words = "action", retry } = {}) {
  const again = retry && actions(make("button.button", { type: "button", "data-size": "small", onclick: retry }, icon("refresh", "icon icon-small"), say("action.again")));
  if (error instanceof Unreachable) return tell(place, { tone: "warn", heading: say("action.lost"), detail: say(`${words}.lost.detail`), more: again });
  if (error instanceof Problem && error.code === "stale_version") {
    const reload = make("button.button", { type: "button", "data-size": "small", onclick: () => location.reload() }, icon("refresh", "icon icon-small"), say("stale.load"));
    return tell(place, { tone: "warn", heading: say("stale.title"), detail: say("stale.detail"), more: actions(reload) });
  }
  if (error instanceof Problem && error.status === 401) {
    return tell(place, { tone: "warn", heading: say("action.signedOut"), detail: say(`${words}.signedOut.detail`), more: [actions(signIn()), again] });
  }
  const isRefusal = error instanceof Problem && error.status < 500;
  tell(place, { heading: say(`${words}.failed`), detail: (isRefusal && error.detail) || say(`${words}.failed.detail`), more: isRefusal ? [] : again });
  if (!(error instanceof Problem)) throw error;
}

const actions = (button) => make("div.actions", {}, button);

/** The way to sign in again without leaving what was typed on this page. */
function signIn() {
  const query = new URLSearchParams({ next: location.pathname + location.search });
  return make("a.button", { href: `/sign-in?${query}`, target: "_blank", "data-size": "small" }, say("action.signIn"));
}
