// The link of an invitation that no mail carries: whoever invites sees it once, and sends it on.
import "./copy.js";
import { icon, make } from "./dom.js";
import { say } from "./strings.js";

/** @param {string} email whom it is for @param {string} link @returns {Element} a field to select it in, and a button */
export function linkToPassOn(email, link) {
  const what = say("invitation.link.name", { email });
  const field = make("input.input", { readonly: true, value: link, "aria-label": what, onfocus: () => field.select() });
  return make("div.pass-on", {}, field,
    make("button.button", { type: "button", "data-copy": link, "data-what": what }, icon("copy", "icon icon-small"), say("invitation.link.copy")));
}
