// The list of sessions: filters apply at once, more lines are added below, and what changes is shown.
import { announce } from "../shared/announce.js";
import { listen } from "../shared/live.js";
import { refresh, remember } from "../shared/refresh.js";
import { say } from "../shared/strings.js";

const filters = document.querySelector(".filters");
filters.addEventListener("change", () => {
  const query = new URLSearchParams([...new FormData(filters)].filter(([, value]) => value));
  location.assign(String(query) ? `/sessions?${query}` : "/sessions");
});

let grown = false; // more than the first page is shown

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("#more");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  if (link.getAttribute("aria-busy") === "true") return;
  link.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(link.href, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const lines = [...page.querySelectorAll("#rows > li")].map((line) => document.adoptNode(line));
    document.querySelector("#rows").append(...lines);
    grown = true;
    const next = page.querySelector("#more");
    if (next) link.setAttribute("href", next.getAttribute("href"));
    else link.closest(".more").remove();
    announce(say("load.more.done", { count: lines.length }));
    lines[0]?.querySelector("a").focus({ preventScroll: true });
  } catch {
    announce(say("load.more.failed"));
  } finally {
    link.removeAttribute("aria-busy");
  }
});

remember();
listen(async () => {
  if (grown) return; // Would take away what was loaded below.
  if (await refresh(["sessions"]).catch(() => false)) announce(say("live.changed"));
});
