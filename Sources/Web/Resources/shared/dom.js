// Makes elements, in one line each.

/**
 * @param {string} tag "div", or with classes "div.card.wide"
 * @param {Record<string, any>} [attributes] `on…` listeners; true and false for attributes without value; the rest as text
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {any}
 */
export function make(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  element.classList.add(...classes);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child || child === 0));
  return element;
}

/**
 * What somebody wrote, in its own direction: it neither turns our words around, nor do they turn its.
 * In sentences `say()` sees to it; a field for such text has `dir="auto"`.
 */
export const theirs = (text) => make("bdi", {}, text);

const sprite = new URL("../shared/icons.svg", import.meta.url).pathname;

/** @param {string} name a symbol of icons.svg @param {string} [classes] */
export function icon(name, classes = "icon") {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", classes);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}
