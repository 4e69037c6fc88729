// API keys: making one, which is shown once, and ending one.
import { call } from "../shared/api.js";
import { confirmed } from "../shared/confirm.js";
import { during, onSubmit, tellDone } from "../shared/form.js";
import { refresh } from "../shared/refresh.js";
import { say } from "../shared/strings.js";

const part = document.querySelector("#keys");
if (part) begin();

function begin() {
  const outcome = part.querySelector(".outcome");
  const form = part.querySelector("#key-form");
  const opener = part.querySelector("#add-key");
  const made = part.querySelector("#new-key");

  const open = (isOpen) => {
    form.hidden = !isOpen;
    opener.hidden = isOpen;
    opener.setAttribute("aria-expanded", String(isOpen));
  };
  opener.addEventListener("click", () => {
    open(true);
    form.elements.name.focus();
  });
  part.querySelector("#no-key").addEventListener("click", () => {
    open(false);
    opener.focus();
  });

  const scopes = () => [...form.querySelectorAll('[name="scopes"]:checked')].map(({ value }) => value);
  const name = () => form.elements.name.value.trim();

  onSubmit(form, {
    outcome,
    check: () => [
      ...(name() ? [] : [{ field: "name", message: say("keys.need.name") }]),
      ...(scopes().length ? [] : [{ field: "scopes", message: say("keys.need.scopes") }]),
    ],
    async send() {
      const { key } = await call("/api/auth/keys", { method: "POST", body: { name: name(), scopes: scopes(), expiresInDays: Number(form.elements.expiresInDays.value) } });
      form.reset();
      open(false);
      made.querySelector("#key-text").textContent = key;
      made.querySelector("#copy-key").dataset.copy = key;
      made.hidden = false;
      made.focus();
      await refresh(["keys"]);
    },
  });

  async function end(button) {
    const question = { title: say("keys.end.title", { name: button.dataset.name }), detail: say("keys.end.detail"), action: say("keys.end.action") };
    if (!(await confirmed(question))) return;
    await call(`/api/auth/keys/${button.dataset.endKey}`, { method: "DELETE" });
    await refresh(["keys"]);
    tellDone(outcome, say("keys.ended"));
  }

  part.addEventListener("click", (event) => {
    const button = event.target.closest("[data-end-key]");
    if (button) during(button, () => end(button), outcome);
  });
}
