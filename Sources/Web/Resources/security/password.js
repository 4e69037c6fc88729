// Changing the password.
import { Problem, call } from "../shared/api.js";
import { clearErrors, showErrors } from "../shared/form-errors.js";
import { during, tellDone } from "../shared/outcome.js";
import { refresh } from "../shared/refresh.js";
import { say } from "../shared/strings.js";

const form = document.querySelector("#password-form");
const outcome = form.querySelector(".outcome");

form.addEventListener("submit", (event) => {
  event.preventDefault();
  during(form.querySelector('[type="submit"]'), change, outcome);
});
form.addEventListener("input", (event) => {
  outcome.replaceChildren();
  const place = event.target.closest("[data-field][data-invalid]");
  if (place) clearErrors(place);
});

async function change() {
  clearErrors(form);
  const { currentPassword, newPassword } = form.elements;
  if (!newPassword.value) return showErrors(form, [{ field: "newPassword", message: say("password.choose") }]);
  try {
    await call("/api/auth/password", {
      method: "POST",
      body: { newPassword: newPassword.value, ...(currentPassword.value && { currentPassword: currentPassword.value }) },
    });
  } catch (error) {
    if (!(error instanceof Problem) || !error.errors.length) throw error;
    return showErrors(form, error.errors.map(told));
  }
  form.reset();
  newPassword.dispatchEvent(new Event("input"));
  tellDone(outcome, say("password.changed"));
  await refresh(["sign-ins", "keys"]);
}

/** The server's words go on from a field's name. */
function told({ field, message }) {
  if (field !== "currentPassword") return { field: "newPassword", message };
  return { field, message: say(form.elements.currentPassword.value ? "prove.wrong" : "prove.needed") };
}
