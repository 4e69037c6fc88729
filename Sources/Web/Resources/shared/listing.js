// A list that the server renders: its filters apply at once, and more of it is added below.
// The page has a form #filters and, within the list, perhaps #rows and a link #more.
import { announce } from "./announce.js";
import { fetchPage, putParts } from "./refresh.js";
import { say } from "./strings.js";

/**
 * @param {string} path of the page
 * @param {string[]} parts names of what the filters change (`data-refresh`); the list first
 * @returns {{ readonly hasGrown: boolean }} whether more than the first page is shown
 */
export function listing(path, parts) {
  const filters = document.querySelector("#filters");
  let newest = 0, typing = 0, hasGrown = false;

  async function apply() {
    clearTimeout(typing);
    const query = new URLSearchParams([...new FormData(filters)].filter(([, value]) => value.trim()));
    const address = String(query) ? `${path}?${query}` : path;
    const number = (newest += 1);
    list().setAttribute("aria-busy", "true");
    const page = await fetchPage(address);
    if (number !== newest) return; // Something else has been asked for since.
    list().removeAttribute("aria-busy");
    if (!page) return announce(say("list.failed"));
    history.replaceState(null, "", address);
    putParts(page, parts);
    hasGrown = false;
    const count = document.querySelectorAll("#rows > *").length;
    announce(say(count ? (document.querySelector("#more") ? "list.foundMore" : "list.found") : "list.none", { count }));
  }

  const list = () => document.querySelector(`[data-refresh="${parts[0]}"]`);

  filters?.addEventListener("submit", (event) => {
    event.preventDefault();
    apply();
  });
  filters?.addEventListener("change", (event) => { if (event.target.type !== "search") apply(); });
  filters?.addEventListener("pick", apply);
  filters?.addEventListener("input", (event) => {
    if (event.target.type !== "search") return;
    clearTimeout(typing);
    typing = setTimeout(apply, 250);
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("#more");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    more(link);
  });

  async function more(link) {
    if (link.getAttribute("aria-busy") === "true") return;
    link.setAttribute("aria-busy", "true");
    const page = await fetchPage(link.href);
    link.removeAttribute("aria-busy");
    if (!page) return announce(say("list.failed"));
    if (!link.isConnected) return;
    const lines = [...page.querySelectorAll("#rows > *")].map((line) => document.adoptNode(line));
    document.querySelector("#rows").append(...lines);
    hasGrown = true;
    const next = page.querySelector("#more");
    if (next) link.setAttribute("href", next.getAttribute("href"));
    else link.closest(".more").remove();
    announce(say("list.more", { count: lines.length }));
    lines[0]?.querySelector("a, button, summary, select")?.focus({ preventScroll: true });
  }

  return { get hasGrown() { return hasGrown; } };
}
