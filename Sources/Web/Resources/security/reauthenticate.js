// Asks for the password once more where the server wants it. The page has a dialog #reauthenticate.
import { Problem } from "../shared/api.js";
import { clearErrors, showErrors } from "../shared/form-errors.js";
import { say } from "../shared/strings.js";

const dialog = document.querySelector("#reauthenticate");
const form = dialog.querySelector("form");
const field = dialog.querySelector("#reauthenticate-password");

const isAboutPassword = (error) => error instanceof Problem && error.errors.some(({ field }) => field === "currentPassword");

/**
 * Does something that may ask for the password.
 * @template Value
 * @param {(proof: {currentPassword?: string}) => Promise<Value>} send
 * @returns {Promise<{value: Value} | null>} null when the reader thought better of it
 */
export async function reauthenticating(send) {
  try {
    return { value: await send({}) };
  } catch (error) {
    if (!isAboutPassword(error)) throw error;
  }
  return ask(send);
}

function ask(send) {
  field.value = "";
  clearErrors(form);
  dialog.showModal();
  return new Promise((resolve, reject) => {
    const over = new AbortController();
    const end = (settle, value) => {
      over.abort();
      field.value = "";
      dialog.close();
      settle(value);
    };
    const once = { signal: over.signal };
    dialog.addEventListener("close", () => end(resolve, null), once);
    dialog.querySelector("[data-cancel]").addEventListener("click", () => end(resolve, null), once);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const button = form.querySelector('[type="submit"]');
      if (button.getAttribute("aria-busy") === "true") return;
      if (!field.value) return showErrors(form, [{ field: "currentPassword", message: say("reauthenticate.needed") }]);
      button.setAttribute("aria-busy", "true");
      clearErrors(form);
      try {
        const value = await send({ currentPassword: field.value });
        if (!over.signal.aborted) end(resolve, { value });
      } catch (error) {
        if (over.signal.aborted) return;
        if (isAboutPassword(error)) showErrors(form, [{ field: "currentPassword", message: say("reauthenticate.wrong") }]);
        else if (error instanceof Problem && error.status === 429) showErrors(form, [{ field: "currentPassword", message: error.detail }]);
        else end(reject, error);
      } finally {
        button.removeAttribute("aria-busy");
      }
    }, once);
  });
}
