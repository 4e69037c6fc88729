// Buttons that copy: `data-copy` is the text, `data-what` its name, which is said when it is done.
import { announce } from "./announce.js";
import { say } from "./strings.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  try {
    await write(button.dataset.copy);
  } catch {
    return announce(say("copy.failed"));
  }
  announce(say("copy.done", { what: button.dataset.what }));
  showDone(button);
});

async function write(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Without TLS there is no clipboard object; the old way needs a selected field.
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  const focused = document.activeElement;
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  focused?.focus();
  if (!done) throw new Error("not copied");
}

/** A check in place of the icon for a moment. */
function showDone(button) {
  const use = button.querySelector("use");
  const before = button.dataset.icon ??= use.getAttribute("href");
  use.setAttribute("href", before.replace(/#.*/, "#check"));
  button.dataset.copied = "";
  clearTimeout(timers.get(button));
  timers.set(button, setTimeout(() => {
    use.setAttribute("href", before);
    delete button.dataset.copied;
  }, 2000));
}
const timers = new WeakMap();
