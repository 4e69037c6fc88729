// Keys that do something anywhere on a page. They can be turned off in the account menu (WCAG 2.1.4).

const key = "convene.shortcuts";

export function shortcutsAreOn() {
  try {
    return localStorage.getItem(key) !== "off";
  } catch {
    return true;
  }
}

/** @param {boolean} on */
export function turnShortcuts(on) {
  try {
    localStorage.setItem(key, on ? "on" : "off");
  } catch {
    // Not remembered.
  }
}

/**
 * Ties keys to what they do. A key is left alone while one types, opens a menu or holds a modifier.
 * @param {Record<string, () => void>} actions by `KeyboardEvent.key`
 */
export function onKeys(actions) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (!shortcutsAreOn()) return;
    const place = /** @type {Element} */ (event.target);
    if (place.closest("input, select, textarea, [contenteditable], [role=listbox], details[open], dialog")) return;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
