// Where one is signed in: ending one of them, all others, or all.
import { call } from "../shared/api.js";
import { confirmed } from "../shared/confirm.js";
import { during, tellDone } from "../shared/form.js";
import { refresh } from "../shared/refresh.js";
import { say } from "../shared/strings.js";

const part = document.querySelector("#sign-ins");
const outcome = part.querySelector(".outcome");

async function done(text) {
  await refresh(["sign-ins", "keys"]);
  tellDone(outcome, text);
}

async function end(id) {
  await call(`/api/auth/sessions/${id}`, { method: "DELETE" });
  await done(say("signIns.ended"));
}

async function others() {
  await call("/api/auth/sign-out-everywhere", { method: "POST", body: { keepThis: true } });
  await done(say("signIns.othersEnded"));
}

async function everywhere() {
  const question = { title: say("signIns.everywhere.title"), detail: say("signIns.everywhere.detail"), action: say("signIns.everywhere.action") };
  if (!(await confirmed(question))) return;
  await call("/api/auth/sign-out-everywhere", { method: "POST", body: { keepThis: false } });
  location.assign("/sign-in");
}

part.addEventListener("click", (event) => {
  const button = event.target.closest("[data-end-sign-in], [data-act]");
  if (!button) return;
  const id = button.dataset.endSignIn;
  during(button, id ? () => end(id) : button.dataset.act === "others" ? others : everywhere, outcome);
});
