// Accounts elsewhere that sign one in here. Where the server offers none, the part stays hidden.
import { Problem, call } from "../shared/api.js";
import { confirmed } from "../shared/confirm.js";
import { icon, make, theirs } from "../shared/dom.js";
import { during, tell, tellDone, tellFailure } from "../shared/form.js";
import { say } from "../shared/strings.js";

const part = document.querySelector("#linked");
const outcome = part.querySelector(".outcome");
const list = part.querySelector("#identities");

async function show() {
  let offered, linked;
  try {
    [offered, linked] = await Promise.all([call("/api/auth/oidc"), call("/api/auth/identities")]);
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return;
    part.hidden = false;
    return tellFailure(outcome, error);
  }
  if (!offered.items.length && !linked.items.length) return;
  list.replaceChildren(...linked.items.map(row));
  part.querySelector("#issuers").replaceChildren(...offered.items.map(linkButton));
  part.hidden = false;
}

function row({ id, issuerName, email }) {
  const button = make("button.button", { type: "button", "data-size": "small", "aria-label": say("linked.unlink", { name: issuerName }) }, make("span.spinner", { "aria-hidden": "true" }), say("linked.end"));
  button.addEventListener("click", () => during(button, () => unlink(id, issuerName), outcome));
  return make("li", {}, icon("link"), make("div.thing", {}, make("p", {}, make("strong", {}, theirs(issuerName))), email && make("p.hint", {}, theirs(email))), button);
}

function linkButton({ slug, name }) {
  const button = make("button.button", { type: "button" }, make("span.spinner", { "aria-hidden": "true" }), say("linked.add", { name }));
  button.addEventListener("click", () => during(button, async () => {
    const query = new URLSearchParams({ next: location.pathname });
    const { location: address } = await call(`/api/auth/oidc/${encodeURIComponent(slug)}/start?${query}`, { method: "POST" });
    location.assign(address);
  }, outcome));
  return button;
}

async function unlink(id, name) {
  const question = { title: say("linked.end.title", { name }), detail: say("linked.end.detail", { name }), action: say("linked.end") };
  if (!(await confirmed(question))) return;
  await call(`/api/auth/identities/${id}`, { method: "DELETE" });
  await show();
  tellDone(outcome, say("linked.ended", { name }));
  part.querySelector("#linked-title").focus();
}

/** Why linking did not work is in the address with which one comes back. */
function tellReturn() {
  const here = new URL(location.href);
  const reason = here.searchParams.get("error");
  if (!reason) return;
  here.searchParams.delete("error");
  history.replaceState(null, "", here);
  const detail = say(`linked.error.${reason}`);
  part.hidden = false;
  tell(outcome, { heading: say("linked.error"), detail: detail.startsWith("linked.") ? say("action.failed.detail") : detail });
}

tellReturn();
// Not waited for: other parts of the page must not stand still meanwhile.
show();
