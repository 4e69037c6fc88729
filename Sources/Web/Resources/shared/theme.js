// The reader's choice between the system's theme, light and dark. It stays on this device.

const key = "convene.theme";

/** @returns {"system" | "light" | "dark"} */
export function currentTheme() {
  return /** @type {any} */ (document.documentElement.dataset.theme) ?? "system";
}

/** @param {string} theme "system", "light" or "dark" */
export function chooseTheme(theme) {
  const root = document.documentElement;
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
  try {
    if (theme === "system") localStorage.removeItem(key);
    else localStorage.setItem(key, theme);
  } catch {
    // Not remembered; still shown.
  }
}
