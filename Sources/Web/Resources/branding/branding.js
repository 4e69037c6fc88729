// An organization's look and words, shown in both themes while one types.
import { announce } from "../shared/announce.js";
import { call } from "../shared/api.js";
import { accentInTheDark, leastContrast, read, readable, shades, shown, write } from "./contrast.js";
import { icon, make } from "../shared/dom.js";
import { onSubmit } from "../shared/form.js";
import { say } from "../shared/strings.js";

/** @type {HTMLFormElement} */
const form = document.querySelector("#branding");
const page = JSON.parse(form.dataset.page);
const needed = page.neededContrast;
const surfaces = { light: page.surfaces.light.map(read), dark: page.surfaces.dark.map(read) };
const { accent, accentDark, isDerived, logoUrl } = form.elements;
const wells = { accent: form.querySelector("#accent-well"), dark: form.querySelector("#accent-dark-well") };
const previews = [...form.querySelectorAll("[data-preview]")];
let version = page.version;

// --- Colors -----------------------------------------------------------------------------------------------------

const follows = (color) => (write(color) === page.standard.accent ? read(page.standard.accentDark) : accentInTheDark(color, surfaces.dark, needed));

function drawColors() {
  const light = read(accent.value.trim());
  accentDark.readOnly = wells.dark.disabled = isDerived.checked;
  if (isDerived.checked && light) accentDark.value = write(follows(light));
  const dark = read(accentDark.value.trim());
  if (light) wells.accent.value = write(light);
  if (dark) wells.dark.value = write(dark);
  drawContrast("accent", light, "light", accent);
  drawContrast("accent-dark", dark, "dark", accentDark);
  if (light) paint("light", light);
  if (dark) paint("dark", dark);
}

function drawContrast(name, color, theme, input) {
  const place = form.querySelector(`#${name}-contrast`);
  if (!color) {
    delete place.dataset.enough;
    place.replaceChildren(say("brand.noColor"));
    return;
  }
  const ratio = leastContrast(color, surfaces[theme]);
  const isEnough = ratio >= needed;
  place.dataset.enough = isEnough ? "yes" : "no";
  const neighbor = isEnough ? null : write(readable(color, surfaces[theme], needed));
  const take = () => {
    input.value = neighbor;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.focus();
  };
  const parts = [
    icon(isEnough ? "check" : "alert", "icon icon-small"),
    make("span", {}, make("strong", {}, `${shown(ratio)} : 1`), ` ${say(isEnough ? `brand.enough.${theme}` : `brand.tooLittle.${theme}`, { needed })}`),
    neighbor && make("button.button", { type: "button", "data-size": "small", onclick: take }, say("brand.take", { color: neighbor })),
  ];
  place.replaceChildren(...parts.filter(Boolean));
}

/** Said once the typing rests, and not at every key. */
let speaking = 0;
function speakContrast(name) {
  clearTimeout(speaking);
  speaking = setTimeout(() => announce(form.querySelector(`#${name}-contrast > span`)?.textContent ?? say("brand.noColor")), 700);
}

function paint(theme, color) {
  const { soft, on } = shades(color, theme, needed);
  const { style } = form.querySelector(`[data-preview="${theme}"] .preview-page`);
  style.setProperty("--accent", write(color));
  style.setProperty("--accent-soft", write(soft));
  style.setProperty("--on-accent", write(on));
}

for (const [well, input] of [[wells.accent, accent], [wells.dark, accentDark]]) {
  well.addEventListener("input", () => {
    input.value = well.value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
accent.addEventListener("input", () => { drawColors(); speakContrast("accent"); });
accentDark.addEventListener("input", () => { drawColors(); speakContrast("accent-dark"); });
isDerived.addEventListener("change", drawColors);
form.querySelector("#our-colors").addEventListener("click", () => {
  isDerived.checked = true;
  accent.value = page.standard.accent;
  accent.dispatchEvent(new Event("input", { bubbles: true }));
});

// --- Logo --------------------------------------------------------------------------------------------------------

const logoState = form.querySelector("#logo-state");
let looking = 0;

function drawLogo() {
  const url = logoUrl.value.trim();
  const isLogo = /^https:\/\/[^\s/]+\.[^\s/]+/i.test(url);
  for (const preview of previews) {
    const image = preview.querySelector(".logo");
    image.hidden = !isLogo;
    preview.querySelector(".mark").toggleAttribute("hidden", isLogo);
    preview.querySelector(".preview-name").hidden = isLogo;
    if (isLogo && image.getAttribute("src") !== url) image.src = url;
    if (!isLogo) image.removeAttribute("src");
  }
  if (!isLogo) logoState.hidden = true;
}
const firstImage = previews[0].querySelector(".logo");
firstImage.addEventListener("load", () => { logoState.hidden = true; });
firstImage.addEventListener("error", () => {
  logoState.textContent = say("brand.logoMissing");
  logoState.hidden = false;
  announce(logoState.textContent);
});
logoUrl.addEventListener("input", () => {
  clearTimeout(looking);
  looking = setTimeout(drawLogo, 500);
});

// --- Mails -------------------------------------------------------------------------------------------------------

const messages = [...form.querySelectorAll("[data-message]")];
let shownMessage = messages[0];

const fill = (text) => text.replace(/\{\{\s*(\w+)\s*\}\}/g, (tag, name) => page.samples[name] ?? tag);

function drawMail() {
  const subject = fill(shownMessage.querySelector('[data-part="subject"]').value);
  const text = fill(shownMessage.querySelector('[data-part="introduction"]').value);
  for (const preview of previews) {
    preview.querySelector(".preview-from").textContent = say("brand.from", { name: page.samples.organization });
    preview.querySelector(".preview-subject").textContent = subject;
    preview.querySelector(".preview-text").textContent = text;
    preview.querySelector(".preview-button").textContent = say(shownMessage.dataset.message === "invitation" ? "brand.accept" : "brand.open");
  }
}

for (const message of messages) {
  const fields = [...message.querySelectorAll("[data-part]")];
  let last = fields[1];
  const show = () => { shownMessage = message; drawMail(); };
  message.addEventListener("focusin", (event) => {
    if (fields.includes(event.target)) last = event.target;
    if (shownMessage !== message) show();
  });
  message.addEventListener("toggle", () => { if (message.open) show(); });
  message.addEventListener("input", drawMail);
  message.querySelector(".tags").addEventListener("click", (event) => {
    const button = event.target.closest("[data-tag]");
    if (!button) return;
    last.setRangeText(`{{${button.dataset.tag}}}`, last.selectionStart, last.selectionEnd, "end");
    last.dispatchEvent(new Event("input", { bubbles: true }));
    last.focus();
  });
  message.querySelector(".our-words").addEventListener("click", () => {
    for (const field of fields) {
      field.value = page.standardTemplates[message.dataset.message][field.dataset.part];
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
}

// --- Saving ------------------------------------------------------------------------------------------------------

const url = `/api/organizations/${page.organizationId}/branding`;

function wanted() {
  const part = (message, name) => message.querySelector(`[data-part="${name}"]`).value;
  return {
    logoUrl: logoUrl.value.trim() || null,
    palette: { accent: accent.value.trim(), accentDark: isDerived.checked ? null : accentDark.value.trim() },
    templates: Object.fromEntries(messages.map((one) => [one.dataset.message, { subject: part(one, "subject"), introduction: part(one, "introduction") }])),
    version,
  };
}

async function send() {
  const saved = await call(url, { method: "PUT", body: wanted() });
  version = saved.version;
  dress(saved);
}

/** The page itself takes on what has been saved. */
function dress({ logoUrl: logo, palette }) {
  document.querySelector("link[data-colors]")?.remove();
  const isOurs = palette.accent === page.standard.accent && palette.accentDark === page.standard.accentDark;
  const shared = document.querySelector('link[href$="/shared.css"]');
  if (!isOurs) shared.after(make("link", { rel: "stylesheet", href: `/branding/${page.organizationId}/${version}.css`, "data-colors": true }));
  const brand = document.querySelector(".bar > .brand");
  const mark = icon("brand", "mark");
  brand.replaceChildren(...(logo ? [make("img.logo", { src: logo, alt: page.samples.organization, referrerpolicy: "no-referrer" })] : [mark, "Convene"]));
}

function check() {
  return [["palette.accent", accent, "light"], ["palette.accentDark", accentDark, "dark"]].flatMap(([field, input, theme]) => {
    const color = read(input.value.trim());
    if (!color) return [{ field, message: say("brand.noColor") }];
    return leastContrast(color, surfaces[theme]) < needed ? [{ field, message: say(`brand.need.${theme}`) }] : [];
  });
}

function reveal(errors) {
  for (const { field } of errors) {
    const message = form.querySelector(`[data-field="${CSS.escape(field)}"]`)?.closest("details");
    if (message) message.open = true;
  }
}

drawColors();
drawLogo();
drawMail();
onSubmit(form, { check, send, reveal, saves: true });
