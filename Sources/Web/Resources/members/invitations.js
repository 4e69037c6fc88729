// Inviting people, one or many at once, and what becomes of invitations that are open.
import { addressesIn } from "./addresses.js";
import { announce } from "../shared/announce.js";
import { Problem } from "../shared/api.js";
import { confirmed } from "../shared/confirm.js";
import { icon, make, theirs } from "../shared/dom.js";
import { during, onSubmit, tellDone } from "../shared/form.js";
import { linkToPassOn } from "../shared/link-to-pass-on.js";
import { ask } from "../shared/organization-api.js";
import { refresh } from "../shared/refresh.js";
import { say } from "../shared/strings.js";

const form = document.querySelector("#invite");
const { addresses, role } = form.elements;
const results = document.querySelector("#invited");
const outcome = document.querySelector("#invitations-outcome");

function check() {
  const all = addressesIn(addresses.value);
  const wrong = all.filter((address) => !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(address));
  if (!all.length) return [{ field: "email", message: say("need.email") }];
  return wrong.length ? [{ field: "email", message: say("invite.wrong", { text: wrong.join(", ") }) }] : [];
}

/** @param {Node} [more] stands below the words */
function result(address, tone, words, more) {
  results.hidden = false;
  results.append(make("li", { "data-tone": tone }, icon(tone === "good" ? "check" : "alert", "icon icon-small"), make("span", {}, make("strong", {}, theirs(address)), ` ${words}`), more));
}

async function send() {
  const all = addressesIn(addresses.value);
  const left = [];
  let sent = 0, stopped = null;
  results.replaceChildren();
  results.hidden = true;
  for (const [index, email] of all.entries()) {
    if (stopped) {
      left.push(email);
      result(email, "bad", say("invite.skipped"));
      continue;
    }
    if (all.length > 1) form.querySelector(".outcome").replaceChildren(make("p.hint", {}, say("invite.progress", { number: index + 1, count: all.length })));
    try {
      const { link } = await ask("/invitations", { method: "POST", body: { email, role: role.value } });
      sent += 1;
      result(email, "good", say(link ? "invite.link" : "invite.sent"), link && linkToPassOn(email, link));
    } catch (error) {
      const words = refusal(error);
      left.push(email);
      result(email, "bad", words ?? say("invite.failed"));
      // Others would fail in the same way: too many at once, signed out, no connection.
      if (!words) stopped = error;
    }
  }
  addresses.value = left.join("\n");
  form.querySelector(".outcome").replaceChildren();
  if (sent) await refresh(["invitations"]);
  if (stopped) throw stopped;
  announce(left.length ? say("invite.partly", { sent, failed: left.length }) : say("invite.done", { count: sent }));
  addresses.focus();
}

/** Why one address was refused; null when it has nothing to do with the address. */
function refusal(error) {
  if (!(error instanceof Problem)) return null;
  if (error.code === "already_member") return say("invite.member");
  if (error.status === 422) return `${say("invite.failed")}: ${error.errors.map(({ message }) => message).join(", ")}`;
  return null;
}

onSubmit(form, { check, send });

async function resend(id, email) {
  const { link } = await ask(`/invitations/${id}/resend`, { method: "POST" });
  await refresh(["invitations"]);
  tellDone(outcome, say(link ? "invitation.link" : "invitation.resent", { email }));
  if (!link) return;
  const passedOn = linkToPassOn(email, link);
  outcome.append(passedOn);
  passedOn.querySelector("button").focus();
}

async function revoke(id, email) {
  const question = { title: say("invitation.revoke.title", { email }), detail: say("invitation.revoke.detail"), action: say("invitation.revoke.action") };
  if (!(await confirmed(question))) return;
  await ask(`/invitations/${id}`, { method: "DELETE" });
  await refresh(["invitations"]);
  tellDone(outcome, say("invitation.revoked", { email }));
  document.querySelector("#open-title").focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-resend], [data-revoke]");
  if (!button) return;
  const { invitation: id, email } = button.closest("[data-invitation]").dataset;
  during(button, () => ("resend" in button.dataset ? resend(id, email) : revoke(id, email)), outcome);
});
