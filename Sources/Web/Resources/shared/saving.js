// How a form of settings is saved: the button shows it, and what came of it stands beside the button.
import { announce } from "./announce.js";
import { Problem, Unreachable } from "./api.js";
import { icon, make } from "./dom.js";
import { clearErrors, showErrors } from "./form-errors.js";
import { signInAgain } from "./signing-in.js";
import { say } from "./strings.js";

/**
 * @param {HTMLFormElement} form with a button that submits and an element `.outcome`
 * @param {{
 *   check?: () => {field: string, message: string}[], what is missing before anything is sent;
 *   send: () => Promise<void>;
 *   beforeErrors?: (errors: {field: string, message: string}[]) => void, makes their fields visible;
 * }} how
 */
export function saving(form, { check = () => [], send, beforeErrors = () => {} }) {
  const button = form.querySelector('[type="submit"]');
  const outcome = form.querySelector(".outcome");

  async function save() {
    if (button.getAttribute("aria-busy") === "true") return;
    outcome.replaceChildren();
    clearErrors(form);
    const missing = check();
    if (missing.length) return point(missing);
    button.setAttribute("aria-busy", "true");
    announce(say("save.saving"));
    try {
      await send();
      outcome.replaceChildren(make("p.saved", {}, icon("check"), say("save.done")));
      announce(say("save.done"));
    } catch (error) {
      explain(error);
    } finally {
      button.removeAttribute("aria-busy");
    }
  }

  function explain(error) {
    if (error instanceof Problem && error.code === "stale_version") return tellStale(outcome);
    if (error instanceof Problem && error.errors.length) return point(error.errors);
    if (error instanceof Unreachable) return tell(outcome, "bad", say("save.network.title"), say("save.network.detail"));
    if (!(error instanceof Problem)) throw error;
    if (error.status === 401) return tell(outcome, "bad", say("book.signedOut.title"), say("save.signedOut.detail"), { more: signInAgain() });
    tell(outcome, "bad", say("save.failed.title"), error.status < 500 && error.detail ? error.detail : say("save.failed.detail"));
  }

  function point(errors) {
    // An entry of a list is wrong where the list is; and the server's messages go on from the field's name.
    const known = errors.map(({ field, message }) => ({ field: field.replace(/\[\d+\].*$/, ""), message: sentence(message) }));
    beforeErrors(known);
    const homeless = showErrors(form, known);
    const text = say("book.invalid", { count: errors.length });
    announce([text, ...known.map(({ message }) => message)].join(" "));
    tell(outcome, "bad", text, homeless.map(({ field, message }) => `${field}: ${message}`).join(" "), { focus: homeless.length === known.length });
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  for (const kind of ["input", "change", "pick"]) {
    form.addEventListener(kind, (event) => {
      outcome.querySelector(".saved")?.remove();
      const field = event.target.closest("[data-field][data-invalid]");
      if (field) clearErrors(field);
    });
  }
}

/** A message of the server's, which goes on from the field's name, as a sentence. */
export const sentence = (text) => text.charAt(0).toLocaleUpperCase() + text.slice(1) + (/[.?!]$/.test(text) ? "" : ".");

/** Somebody else has saved: what was typed stays until the reader loads what is there. */
export function tellStale(place) {
  const reload = make("div.actions", {}, make("button.button", { type: "button", "data-size": "small", onclick: () => location.reload() }, icon("refresh", "icon icon-small"), say("stale.load")));
  tell(place, "warn", say("stale.title"), say("stale.detail"), { more: reload });
}

/** A notice in place of what stands in `place`. */
export function tell(place, tone, heading, detail, { focus = true, more = null } = {}) {
  const notice = make("div.notice", { "data-tone": tone, role: "alert", tabindex: "-1" }, icon("alert"), make("strong", {}, heading), detail && make("p", {}, detail), more);
  place.replaceChildren(notice);
  if (focus) notice.focus();
}
