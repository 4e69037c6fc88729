// A click on a demo account fills the form in; the form itself needs no script.
import "../shared/busy.js";

const form = document.querySelector("form[action='/sign-in']");

for (const button of document.querySelectorAll("[data-demo-email]")) {
  button.addEventListener("click", () => {
    form.elements.email.value = button.dataset.demoEmail;
    form.elements.password.value = button.dataset.demoPassword;
    form.querySelector("button[type=submit]").focus();
  });
}

// Who wants a link has no use for what stands in the password's field, and neither have we.
form.addEventListener("submit", (event) => { form.elements.password.disabled = Boolean(event.submitter?.hasAttribute("formaction")); });
addEventListener("pageshow", () => { form.elements.password.disabled = false; });
