// Takes parts of this page from the server anew and puts them in place; the server renders, nobody else.

/** What the server sent for a part, before scripts touched it. */
const sources = new WeakMap();
const source = (part) => sources.get(part) ?? part.outerHTML;

/** Remembers what the server sent. To be called before a script changes a part for the first time. */
export function remember() {
  for (const part of document.querySelectorAll("[data-refresh]")) sources.set(part, part.outerHTML);
}

/**
 * A page as the server has it now.
 * @param {string} url
 * @returns {Promise<Document | null>} null when it cannot be had; when one is signed out, the browser goes to sign in
 */
export async function fetchPage(url) {
  const answer = await fetch(url, { headers: { Accept: "text/html" }, credentials: "same-origin", cache: "no-store" }).catch(() => null);
  if (answer?.redirected && new URL(answer.url).pathname === "/sign-in") location.assign(answer.url);
  else if (answer?.ok) return new DOMParser().parseFromString(await answer.text(), "text/html");
  return null;
}

/**
 * Replaces every `[data-refresh=name]` of the page by that of another.
 * Keeps focus (by `data-key`, or by id) and scroll; leaves alone what is the same.
 * @param {Document} page
 * @param {string[]} names
 * @param {(part: Element) => void} [prepare] gets each new part before it is seen
 * @returns {boolean} whether anything changed
 */
export function putParts(page, names, prepare = () => {}) {
  let changed = false;
  for (const name of names) {
    const old = document.querySelector(`[data-refresh="${name}"]`);
    const theirs = page.querySelector(`[data-refresh="${name}"]`);
    if (!old || !theirs || source(old) === theirs.outerHTML) continue;
    const next = document.importNode(theirs, true);
    sources.set(next, theirs.outerHTML);
    prepare(next);
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    old.replaceWith(next);
    if (focused) focusAgain(focused, next);
    changed = true;
  }
  return changed;
}

/** Brings parts of this page up to date. */
export async function refresh(names, prepare) {
  const page = await fetchPage(location.href);
  return page ? putParts(page, names, prepare) : false;
}

function focusAgain(focused, part) {
  const { key } = focused.dataset;
  const again = key ? part.querySelector(`[data-key="${CSS.escape(key)}"]`) : focused.id && part.querySelector(`#${CSS.escape(focused.id)}`);
  if (again) return again.focus({ preventScroll: true });
  // What was focused is gone; the part itself takes its place, so that the next Tab goes on from here.
  part.tabIndex = -1;
  part.focus({ preventScroll: true });
}
