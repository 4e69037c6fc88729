// A form that is on its way shows it at the button that was pressed, and cannot be sent twice.
for (const form of document.querySelectorAll('form[method="post"]')) {
  form.addEventListener("submit", (event) => {
    const button = event.submitter ?? form.querySelector("button");
    if (form.hasAttribute("data-sent")) return event.preventDefault();
    form.toggleAttribute("data-sent", true);
    button.setAttribute("aria-busy", "true");
  });
}

// Coming back with the browser's arrow must not find a button that still turns.
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  for (const form of document.querySelectorAll("[data-sent]")) form.removeAttribute("data-sent");
});
