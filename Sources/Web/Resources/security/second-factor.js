// Two-step sign-in: switching it on by scanning and typing a first code, recovery codes, and switching it off.
import { announce } from "../shared/announce.js";
import { call } from "../shared/api.js";
import { confirmed } from "../shared/confirm.js";
import { make } from "../shared/dom.js";
import { clearErrors } from "../shared/form-errors.js";
import { during, onSubmit, tellDone } from "../shared/form.js";
import { refresh } from "../shared/refresh.js";
import { say } from "../shared/strings.js";
import { reauthenticating } from "./reauthenticate.js";

const part = document.querySelector("#second-factor");
const outcome = part.querySelector(".outcome");
const setup = part.querySelector("#setup");
const codes = part.querySelector("#codes");
const url = "/api/auth/second-factor";

const state = () => part.querySelector('[data-refresh="second-factor"]');
const update = () => refresh(["second-factor", "sign-ins"]);

const actions = {
  async begin() {
    const begun = await reauthenticating((proof) => call(url, { method: "POST", body: proof }));
    if (begun) showSetup(begun.value);
  },
  async cancel() {
    hideSetup();
    part.querySelector('[data-act="begin"]')?.focus();
  },
  async renew() {
    const question = { title: say("codes.renew.title"), detail: say("codes.renew.detail"), action: say("codes.renew.action") };
    if (!(await confirmed(question))) return;
    const renewed = await reauthenticating((proof) => call(`${url}/recovery-codes`, { method: "POST", body: proof }));
    if (!renewed) return;
    showCodes(renewed.value.recoveryCodes);
    await update();
  },
  async off() {
    const question = { title: say("second.off.title"), detail: say("second.off.detail"), action: say("second.off.action") };
    if (!(await confirmed(question))) return;
    if (!(await reauthenticating((proof) => call(`${url}/remove`, { method: "POST", body: proof })))) return;
    hideCodes();
    await update();
    tellDone(outcome, say("second.off.done"));
    part.querySelector("#second-title").focus();
  },
  async download() {
    const link = make("a", { href: URL.createObjectURL(new Blob([text()], { type: "text/plain" })), download: "convene-recovery-codes.txt" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  },
  async print() { print(); },
  async kept() {
    hideCodes();
    part.querySelector("#second-title").focus();
  },
};

part.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (button) during(button, actions[button.dataset.act], outcome);
});

const code = () => setup.elements.code.value.replace(/\s/g, "");

onSubmit(setup, {
  outcome,
  check: () => (/^\d{6}$/.test(code()) ? [] : [{ field: "code", message: say("second.code.six") }]),
  async send() {
    const made = await call(`${url}/confirm`, { method: "POST", body: { code: code() } });
    hideSetup();
    showCodes(made.recoveryCodes);
    announce(say("second.on.done"));
    await update();
  },
  explain(problem) {
    if (problem.code === "wrong_code") return [{ field: "code", message: say("second.code.wrong") }];
    return problem.status === 429 ? [{ field: "code", message: problem.detail }] : null;
  },
});

function showSetup({ secret, qrCode }) {
  const drawn = new DOMParser().parseFromString(qrCode, "image/svg+xml").documentElement;
  part.querySelector("#qr").replaceChildren(document.importNode(drawn, true));
  const grouped = secret.replace(/\s/g, "").replace(/.{4}(?=.)/g, "$& ");
  part.querySelector("#secret").textContent = grouped;
  part.querySelector("#copy-secret").dataset.copy = secret.replace(/\s/g, "");
  setup.elements.code.value = "";
  clearErrors(setup);
  setup.hidden = false;
  state().hidden = true;
  setup.querySelector("#setup-title").focus();
}

function hideSetup() {
  setup.hidden = true;
  part.querySelector("#qr").replaceChildren();
  part.querySelector("#secret").textContent = "";
  delete part.querySelector("#copy-secret").dataset.copy;
  state().hidden = false;
}

let shown = [];
const text = () => [say("codes.file", { email: part.dataset.email }), "", ...shown, ""].join("\n");

function showCodes(list) {
  shown = list;
  part.querySelector("#code-list").replaceChildren(...list.map((code) => make("li", {}, make("code", {}, code))));
  part.querySelector("#copy-codes").dataset.copy = list.join("\n");
  codes.hidden = false;
  part.querySelector("#codes-title").focus();
}

function hideCodes() {
  shown = [];
  codes.hidden = true;
  part.querySelector("#code-list").replaceChildren();
  delete part.querySelector("#copy-codes").dataset.copy;
}

// Codes that were not kept are gone: whoever leaves by mistake is asked first.
addEventListener("beforeunload", (event) => { if (shown.length) event.preventDefault(); });
