// Colors, and whether they can be read: the same reckoning as the server's (Sources/Branding), so that what
// the page says while one types is what the server will say.

/** @typedef {[number, number, number]} Color red, green and blue, 0 to 255 each */

/** @param {string} text @returns {Color | null} null for anything but #rrggbb */
export function read(text) {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text);
  return match && /** @type {Color} */ (match.slice(1).map((digits) => parseInt(digits, 16)));
}

/** @param {Color} color @returns {string} #rrggbb */
export const write = (color) => "#" + color.map((channel) => channel.toString(16).padStart(2, "0")).join("");

const linear = (channel) => {
  const value = channel / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
};
const luminance = ([red, green, blue]) => 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);

/** Contrast ratio (WCAG 2.2). @param {Color} one @param {Color} two */
export function contrast(one, two) {
  const [a, b] = [luminance(one), luminance(two)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** The contrast with the worst of them. @param {Color} color @param {Color[]} others */
export const leastContrast = (color, others) => Math.min(...others.map((other) => contrast(color, other)));

/** With two digits, and never more than there is. @param {number} ratio */
export const shown = (ratio) => (Math.floor(ratio * 100) / 100).toFixed(2);

/** The nearest color of the same hue that can be read on all of them. @param {Color} color @param {Color[]} surfaces @param {number} needed */
export function readable(color, surfaces, needed) {
  const suits = (candidate) => leastContrast(candidate, surfaces) >= needed;
  if (suits(color)) return color;
  return nearest(toOKLCH(color), luminance(surfaces[0]) > 0.5 ? black : white, suits);
}

/** What stands for an accent in the dark. @param {Color} accent @param {Color[]} surfaces the dark ones @param {number} needed */
export function accentInTheDark(accent, surfaces, needed) {
  const [lightness, chroma, hue] = toOKLCH(accent);
  return readable(toSRGB(Math.max(lightness, 0.76), chroma * 0.7, hue), surfaces, needed);
}

/** What follows from an accent in one theme. @param {Color} accent @param {"light" | "dark"} theme @param {number} needed */
export function shades(accent, theme, needed) {
  const [, chroma, hue] = toOKLCH(accent);
  const start = theme === "light" ? [0.955, chroma * 0.13, hue] : [0.29, chroma * 0.46, hue];
  return {
    soft: nearest(start, theme === "light" ? white : black, (candidate) => contrast(candidate, accent) >= needed),
    on: contrast(accent, white) >= contrast(accent, black) ? white : black,
  };
}

// --- OKLCH (CSS Color 4, 9.3; matrices by Björn Ottosson) --------------------------------------------------------

const black = /** @type {Color} */ ([0, 0, 0]);
const white = /** @type {Color} */ ([255, 255, 255]);

function toOKLCH(color) {
  const [red, green, blue] = color.map(linear);
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  const a = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const b = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  return [0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, Math.hypot(a, b), Math.atan2(b, a)];
}

/** The nearest color that a screen can show, with the same lightness and hue: chroma gives way. */
function toSRGB(lightness, chroma, hue) {
  const direct = channels(lightness, chroma, hue);
  if (direct) return direct;
  let inside = 0, outside = chroma;
  for (let i = 0; i < 24; i++) {
    const middle = (inside + outside) / 2;
    if (channels(lightness, middle, hue)) inside = middle;
    else outside = middle;
  }
  return channels(lightness, inside, hue) ?? (lightness > 0.5 ? white : black);
}

function channels(lightness, chroma, hue) {
  const [a, b] = [chroma * Math.cos(hue), chroma * Math.sin(hue)];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const light = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  if (light.some((value) => value < -0.0001 || value > 1.0001)) return null;
  return /** @type {Color} */ (light.map((value) => {
    const bounded = Math.min(Math.max(value, 0), 1);
    return Math.round((bounded <= 0.0031308 ? 12.92 * bounded : 1.055 * bounded ** (1 / 2.4) - 0.055) * 255);
  }));
}

function nearest([lightness, chroma, hue], end, suits) {
  const step = end === white ? 0.002 : -0.002;
  for (; lightness > 0 && lightness < 1; lightness += step) {
    const candidate = toSRGB(lightness, chroma, hue);
    if (suits(candidate)) return candidate;
  }
  return end;
}
