// Says what is wrong with a field at the field, and ties both together for a screen reader.
// A field's place in the page is `[data-field=name]`, with its control and an element `.field-error` with an id.

/**
 * @param {HTMLElement} form
 * @param {{field: string, message: string}[]} errors
 * @returns {{field: string, message: string}[]} those for which the page has no field
 */
export function showErrors(form, errors) {
  clearErrors(form);
  const homeless = [];
  let first = null;
  for (const { field, message } of errors) {
    const place = form.querySelector(`[data-field="${CSS.escape(field)}"]`);
    if (!place || place.closest("[hidden]")) {
      homeless.push({ field, message });
      continue;
    }
    markError(place, message);
    if (!first || place.compareDocumentPosition(first) & Node.DOCUMENT_POSITION_FOLLOWING) first = place;
  }
  if (first) focusField(first);
  return homeless;
}

/** Says it at the field, and leaves the focus where it is. @param {HTMLElement} place a `[data-field]` */
export function markError(place, message) {
  const text = errorText(place);
  text.textContent = message;
  place.toggleAttribute("data-invalid", true);
  for (const control of controls(place)) {
    control.setAttribute("aria-invalid", "true");
    const described = new Set((control.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
    control.setAttribute("aria-describedby", [...described.add(text.id)].join(" "));
  }
}

/** @param {HTMLElement} place one `[data-field]`, or a form with many */
export function clearErrors(place) {
  const fields = place.matches("[data-field]") ? [place] : place.querySelectorAll("[data-field][data-invalid]");
  for (const field of fields) {
    field.removeAttribute("data-invalid");
    errorText(field).textContent = "";
    for (const control of controls(field)) control.removeAttribute("aria-invalid");
  }
}

// A field may lie within another, as the duration does within the time.
const errorText = (place) => [...place.querySelectorAll(".field-error")].find((text) => text.closest("[data-field]") === place);

const controls = (place) => place.querySelectorAll(".input:not(div), [role=combobox], person-picker input, zone-picker input, tag-input input");

function focusField(place) {
  const picker = place.querySelector("time-picker");
  const control = picker?.first ?? place.querySelector("input:checked, input:not([type=hidden]), select, textarea");
  control?.focus({ preventScroll: true });
  place.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth" });
}
