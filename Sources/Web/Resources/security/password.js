// Changing the password.
import { call } from "../shared/api.js";
import { onSubmit, tellDone } from "../shared/form.js";
import { refresh } from "../shared/refresh.js";
import { say } from "../shared/strings.js";

const form = document.querySelector("#password-form");
const { currentPassword, newPassword } = form.elements;

onSubmit(form, {
  check: () => (newPassword.value ? [] : [{ field: "newPassword", message: say("password.choose") }]),
  async send() {
    await call("/api/auth/password", {
      method: "POST",
      body: { newPassword: newPassword.value, ...(currentPassword.value && { currentPassword: currentPassword.value }) },
    });
    form.reset();
    newPassword.dispatchEvent(new Event("input"));
    tellDone(form.querySelector(".outcome"), say("password.changed"));
    await refresh(["sign-ins", "keys"]);
  },
  explain: ({ errors }) => errors.map(({ field, message }) => (field === "currentPassword"
    ? { field, message: say(currentPassword.value ? "reauthenticate.wrong" : "reauthenticate.needed") }
    : { field: "newPassword", message })),
});
