// Takes parts of this page from the server anew and puts them in place; the server renders, nobody else.

/**
 * Replaces every `[data-refresh=name]` of the page by the server's newest.
 * Keeps focus (by `data-key`, or by id) and scroll; leaves alone what is the same.
 * @param {string[]} names
 * @param {(part: Element) => void} [prepare] gets each new part before it is seen
 * @returns {Promise<boolean>} whether anything changed
 */
export async function refresh(names, prepare = () => {}) {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin", cache: "no-store" });
  if (answer.redirected && new URL(answer.url).pathname === "/sign-in") {
    location.assign(answer.url);
    return false;
  }
  if (!answer.ok) return false;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");

  let changed = false;
  for (const name of names) {
    const old = document.querySelector(`[data-refresh="${name}"]`);
    const next = fresh.querySelector(`[data-refresh="${name}"]`);
    if (!old || !next || source(old) === source(next)) continue;
    sources.set(next, next.outerHTML);
    document.adoptNode(next);
    prepare(next);
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    old.replaceWith(next);
    if (focused) focusAgain(focused, next);
    changed = true;
  }
  return changed;
}

/** What the server sent for a part, before scripts touched it. */
const sources = new WeakMap();
const source = (part) => sources.get(part) ?? part.outerHTML;

/** Remembers what the server sent. To be called before a script changes a part for the first time. */
export function remember() {
  for (const part of document.querySelectorAll("[data-refresh]")) sources.set(part, part.outerHTML);
}

function focusAgain(focused, part) {
  const key = focused.dataset.key;
  const again = key ? part.querySelector(`[data-key="${CSS.escape(key)}"]`) : focused.id && part.querySelector(`#${CSS.escape(focused.id)}`);
  if (again) return again.focus({ preventScroll: true });
  // What was focused is gone; the part itself takes its place, so that the next Tab goes on from here.
  part.tabIndex = -1;
  part.focus({ preventScroll: true });
}
