// The way to sign in again without leaving what was typed on this page.
import { make } from "./dom.js";
import { say } from "./strings.js";

export function signInAgain() {
  const query = new URLSearchParams({ next: location.pathname + location.search });
  return make("div.actions", {}, make("a.button", { href: `/sign-in?${query}`, target: "_blank", "data-size": "small" }, say("action.signIn")));
}
