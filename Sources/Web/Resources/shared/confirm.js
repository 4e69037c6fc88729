// Asks before something that cannot be taken back. The page has a dialog #confirm.
const dialog = document.querySelector("#confirm");

/**
 * @param {{title: string, detail: string, action: string}} question
 * @returns {Promise<boolean>} whether the answer was yes
 */
export async function confirmed({ title, detail, action }) {
  dialog.querySelector("h2").textContent = title;
  dialog.querySelector("p").textContent = detail;
  dialog.querySelector('[value="yes"]').textContent = action;
  dialog.returnValue = "";
  dialog.showModal();
  await new Promise((closed) => dialog.addEventListener("close", closed, { once: true }));
  return dialog.returnValue === "yes";
}
