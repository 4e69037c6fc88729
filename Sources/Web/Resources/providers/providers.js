// The organization's own accounts at the providers: setting, testing and removing them.
import { announce } from "../shared/announce.js";
import { confirmed } from "../shared/confirm.js";
import { during, onSubmit, tell, tellDone } from "../shared/form.js";
import { ask } from "../shared/organization-api.js";
import { refresh, remember } from "../shared/refresh.js";
import { say } from "../shared/strings.js";

remember();
for (const card of document.querySelectorAll("[data-provider]")) account(card);

function account(card) {
  const { provider, label: name } = card.dataset;
  const form = card.querySelector("form");
  const outcome = form.querySelector(".outcome");
  const secret = form.querySelector("[data-secret]");
  const inputs = [...form.querySelectorAll("input:not([data-secret]), select")];
  const test = form.querySelector("[data-test]"), forget = form.querySelector("[data-forget]");

  const values = () => Object.fromEntries(inputs.map((input) => [input.name, input.value.trim() || null]));
  let stored = JSON.stringify(values());
  const isChanged = () => JSON.stringify(values()) !== stored || secret.value !== "";

  function show({ account: source, secretEndsWith, version }) {
    card.dataset.version = version;
    const isOwn = source === "organization";
    test.hidden = forget.hidden = !isOwn;
    secret.value = "";
    secret.toggleAttribute("data-kept", isOwn);
    secret.placeholder = !isOwn ? "" : secretEndsWith ? say("providers.kept", { ending: secretEndsWith }) : say("providers.keptShort");
    stored = JSON.stringify(values());
    return refresh([`${provider}-head`]);
  }

  onSubmit(form, {
    check() {
      const empty = [...form.querySelectorAll("[data-required]")].filter((input) => !input.value.trim());
      if (!secret.value && !secret.hasAttribute("data-kept")) empty.push(secret);
      return empty.map((input) => ({ field: input.name, message: say("providers.need") }));
    },
    async send() {
      const body = { ...values(), ...(secret.value && { [secret.name]: secret.value }), version: Number(card.dataset.version) };
      await show(await ask(`/providers/${provider}`, { method: "PUT", body }));
      tellDone(outcome, say("providers.saved"));
    },
  });

  test.addEventListener("click", () => during(test, async () => {
    if (isChanged()) return tell(outcome, { tone: "warn", heading: say("providers.unsaved"), focus: false });
    announce(say("providers.testing", { name }));
    const { outcome: came, detail } = await ask(`/providers/${provider}/test`, { method: "POST" });
    await refresh([`${provider}-head`]);
    tell(outcome, { tone: came === "ok" ? "good" : came === "refused" ? "bad" : "warn", heading: say(`providers.${came}`, { name }), detail, focus: false });
  }, outcome));

  forget.addEventListener("click", () => during(forget, async () => {
    if (!(await confirmed({ title: say("providers.forget.title", { name }), detail: say("providers.forget.detail"), action: say("action.remove") }))) return;
    await ask(`/providers/${provider}`, { method: "DELETE" });
    for (const input of form.querySelectorAll("input")) input.value = "";
    await show({ account: "none", version: 0 });
    tellDone(outcome, say("providers.forgotten", { name }));
    inputs[0].focus();
  }, outcome));
}
