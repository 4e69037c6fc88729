// What every signed-in page does: where one is, the account menu, the theme, and the switch for shortcuts.
import { chooseTheme, currentTheme } from "./theme.js";
import { shortcutsAreOn, turnShortcuts } from "./shortcuts.js";

for (const link of document.querySelectorAll(".nav a, .settings-nav a")) {
  if (new URL(link.href).pathname !== location.pathname) continue;
  link.setAttribute("aria-current", "page");
  // On a phone the sections are one row, of which only a part is seen.
  if (link.closest(".settings-nav")) link.scrollIntoView({ block: "nearest", inline: "center", behavior: "instant" });
}

for (const choice of document.querySelectorAll('input[name="theme"]')) {
  choice.checked = choice.value === currentTheme();
  choice.addEventListener("change", () => chooseTheme(choice.value));
}

const shortcuts = document.querySelector("#shortcuts-on");
if (shortcuts) {
  shortcuts.checked = shortcutsAreOn();
  shortcuts.addEventListener("change", () => turnShortcuts(shortcuts.checked));
}

// A menu closes as people expect: Escape (focus goes back), a click elsewhere, or focus leaving it.
for (const menu of document.querySelectorAll("details.menu")) {
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
  document.addEventListener("pointerdown", (event) => {
    if (menu.open && !menu.contains(event.target)) menu.open = false;
  });
}
