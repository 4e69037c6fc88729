import "../shared/busy.js";

const form = document.querySelector("form[action='/sign-in']");

// Who wants a link has no use for what stands in the password's field, and neither have we.
form.addEventListener("submit", (event) => { form.elements.password.disabled = Boolean(event.submitter?.hasAttribute("formaction")); });
addEventListener("pageshow", () => { form.elements.password.disabled = false; });
