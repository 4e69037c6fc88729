// A short form that does something: its errors are said at its fields, and the button shows that it is being done.
import { announce } from "./announce.js";
import { Problem } from "./api.js";
import { clearErrors, showErrors } from "./form-errors.js";
import { during } from "./outcome.js";
import { sentence } from "./saving.js";

/**
 * @param {HTMLFormElement} form with a button that submits and an element `.outcome`
 * @param {{
 *   check: () => {field: string, message: string}[], what is missing before anything is sent;
 *   send: () => Promise<void>;
 *   explain?: (problem: Problem) => {field: string, message: string}[] | null, in place of the server's errors;
 * }} how
 */
export function sending(form, { check, send, explain = () => null }) {
  const button = form.querySelector('[type="submit"]');
  const outcome = form.querySelector(".outcome");

  async function attempt() {
    clearErrors(form);
    const missing = check();
    if (missing.length) return point(missing);
    try {
      await send();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const errors = explain(error) ?? error.errors.map(({ field, message }) => ({ field, message: sentence(message) }));
      if (!errors.length || !point(errors)) throw error;
    }
  }

  /** Whether all of them have a place. */
  function point(errors) {
    announce(errors.map(({ message }) => message).join(" "));
    return showErrors(form, errors).length === 0;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    during(button, attempt, outcome);
  });
  form.addEventListener("input", (event) => {
    const field = event.target.closest("[data-field][data-invalid]");
    if (field) clearErrors(field);
  });
}

/** A dialog around such a form, opened clean; its button `[data-act=cancel]` closes it. */
export function asking(dialog) {
  const form = dialog.querySelector("form");
  dialog.querySelector('[data-act="cancel"]').addEventListener("click", () => dialog.close());
  return () => {
    form.reset();
    clearErrors(form);
    form.querySelector(".outcome").replaceChildren();
    dialog.showModal();
  };
}
