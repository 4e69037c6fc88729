// What happens on the page, said to those who do not see it.

/** @param {string} text */
export function announce(text) {
  const region = document.querySelector("#announcer");
  if (!region) return;
  region.textContent = "";
  // A region that says the same thing twice is only read again when it was empty in between.
  requestAnimationFrame(() => { region.textContent = text; });
}
