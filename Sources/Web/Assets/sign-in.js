// A click on a demo account fills the form in; the form itself needs no script.
for (const button of document.querySelectorAll("[data-demo-email]")) {
  button.addEventListener("click", () => {
    const form = document.querySelector("form[action='/sign-in']");
    form.elements.email.value = button.dataset.demoEmail;
    form.elements.password.value = button.dataset.demoPassword;
    form.querySelector("button[type=submit]").focus();
  });
}

document.querySelector("form[action='/sign-in']").addEventListener("submit", (event) => {
  event.target.querySelector("button[type=submit]").setAttribute("aria-busy", "true");
});

// Coming back with the browser's arrow must not find a button that still turns.
addEventListener("pageshow", () => document.querySelector("[aria-busy]")?.removeAttribute("aria-busy"));
