// Helps to choose a password: says how many characters are missing, and shows what is typed when asked to.
// The server decides what is strong enough; lengths are in Unicode scalars, as it counts.
import { announce } from "./announce.js";
import { say } from "./strings.js";

const least = 12;

for (const field of document.querySelectorAll("[data-strength]")) {
  const hint = document.getElementById(field.dataset.strength);
  const advice = hint.textContent;
  field.addEventListener("input", () => {
    const missing = least - [...field.value.normalize("NFC")].length;
    const was = hint.dataset.reached;
    if (field.value === "") {
      hint.textContent = advice;
      delete hint.dataset.reached;
      return;
    }
    hint.textContent = missing > 0 ? say("password.missing", { count: missing }) : say("password.enough");
    hint.dataset.reached = missing > 0 ? "no" : "yes";
    if (hint.dataset.reached === "yes" && was !== "yes") announce(say("password.enough"));
  });
}

for (const button of document.querySelectorAll("[data-reveal]")) {
  const field = document.getElementById(button.dataset.reveal);
  button.addEventListener("click", () => {
    const isShown = field.type === "password";
    field.type = isShown ? "text" : "password";
    button.setAttribute("aria-pressed", String(isShown));
  });
  // What was shown must not be kept as ordinary text by the browser.
  field.form?.addEventListener("submit", () => { field.type = "password"; });
}
