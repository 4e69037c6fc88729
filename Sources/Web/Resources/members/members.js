// The people of an organization: finding them, changing their roles, taking them out.
import { announce } from "../shared/announce.js";
import { Problem, Unreachable } from "../shared/api.js";
import { confirmed } from "../shared/confirm.js";
import { clearErrors, showErrors } from "../shared/form-errors.js";
import { listing } from "../shared/listing.js";
import { ask, title } from "../shared/organization-api.js";
import { say } from "../shared/strings.js";
import { removeMember, tellCommitments } from "./remove-member.js";
import "./invitations.js";

listing("/organization/members", ["members"]);

async function changeRole(row, select) {
  const cell = select.closest("[data-field]");
  const before = row.dataset.role, role = select.value, label = select.selectedOptions[0].textContent;
  clearErrors(cell);
  const isLeavingAdmins = "you" in row.dataset && before === "admin";
  if (isLeavingAdmins && !(await confirmed({ title: say("member.you.title"), detail: say("member.you.detail"), action: say("member.you.action") }))) {
    select.value = before;
    return select.focus();
  }
  select.setAttribute("aria-busy", "true");
  try {
    const changed = await ask(`/members/${row.dataset.member}`, { method: "PATCH", body: { role, version: Number(row.dataset.version) } });
    row.dataset.version = changed.version;
    row.dataset.role = role;
    announce(say("member.changed", { name: row.dataset.name, role: label }));
    cell.dataset.done = "";
    setTimeout(() => delete cell.dataset.done, 2500);
    if (changed.sessions.length) {
      await tellCommitments(
        say("member.changed", { name: row.dataset.name, role: label }),
        say("member.stillBooked", { count: changed.sessions.length }), isLeavingAdmins ? [] : changed.sessions);
      select.focus();
    }
    if (isLeavingAdmins) location.assign("/week");
  } catch (error) {
    select.value = before;
    const message = reason(error, row.dataset);
    showErrors(row, [{ field: "role", message }]);
    announce(message);
  } finally {
    select.removeAttribute("aria-busy");
  }
}

function reason(error, { name, you }) {
  if (error instanceof Unreachable) return `${say("action.lost")}. ${say("action.lost.detail")}`;
  if (!(error instanceof Problem)) throw error;
  if (error.code === "last_admin") return say(you === undefined ? "member.remove.lastAdmin" : "member.lastAdmin", { name });
  return error.status < 500 && error.detail ? error.detail : say("action.failed.detail");
}

async function remove(row) {
  const { member: id, name, role } = row.dataset;
  const isYou = "you" in row.dataset;
  const isOut = await removeMember({ id, name, isYou, place: title, mayBook: role === "admin" || role === "counselor" });
  if (!isOut) return row.querySelector("[data-remove]").focus();
  if (isYou) return location.assign("/week");
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  announce(say("member.removed", { name }));
  (next?.querySelector("[data-remove]") ?? document.querySelector("#list-title")).focus();
}

document.addEventListener("change", (event) => {
  const select = event.target.closest?.("[data-change-role]");
  if (select) changeRole(select.closest("[data-member]"), select);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-remove]");
  if (button) remove(button.closest("[data-member]"));
});
