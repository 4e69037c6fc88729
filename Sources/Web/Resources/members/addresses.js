// The mail addresses in a text that somebody typed or pasted.

/**
 * Each address once: a list with commas, semicolons, tabs or lines between them, those of Chinese, Japanese and Arabic
 * keyboards too, and names before the addresses, which may have commas in quotes. What is no address is given back as it
 * is, so that it can be said.
 * @param {string} text
 * @returns {string[]}
 */
export function addressesIn(text) {
  const entries = plain(text).match(/(?:"(?:[^"\\\n]|\\.)*"|<[^<>\n]*>|[^,;\n\r\t、،؛])+/g) ?? [];
  return [...new Set(entries.flatMap(inEntry).map(tidied).filter(Boolean))];
}

/** Without what cannot be seen, and with the wide letters and signs of East Asian keyboards as ordinary ones. */
const plain = (text) => text
  .replace(/[\u00AD\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF]/g, "")
  .replace(/[\uFF01-\uFF5E]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xFEE0));

/** Of one entry: what stands in angle brackets, or else each word with an @. */
function inEntry(entry) {
  const bracketed = [...entry.matchAll(/<([^<>]+)>/g)].map((match) => match[1]);
  if (bracketed.length) return bracketed;
  const words = entry.trim().split(/\s+/).filter((word) => word.includes("@"));
  return words.length ? words : [entry];
}

/** In one way of writing, where only ASCII has small letters: what others are is for the server to say. */
function tidied(address) {
  const bare = address.replace(/^[\s\u200C\u200D]+|[\s\u200C\u200D]+$/g, "").replace(/^mailto:([^?]*).*$/i, (_, encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded;
    }
  });
  if (!bare.includes("@")) return bare;
  return bare.replace(/[。｡]/g, ".").replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
