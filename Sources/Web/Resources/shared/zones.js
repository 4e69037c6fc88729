// Time zones as people name them: by today's names, whatever older one a browser or somebody's settings hold.
import { zones } from "./zone-names.js";

const today = new Map(zones.flatMap(({ name, aliases }) => [name, ...aliases].map((one) => [one, name])));

/** "Asia/Kolkata" for "Asia/Calcutta"; an unknown name as it is. */
export const nameOfToday = (zone) => today.get(zone) ?? zone;

/** The time zone of the device that the page is looked at on. */
export const deviceZone = () => nameOfToday(Intl.DateTimeFormat().resolvedOptions().timeZone);

/**
 * All that can be chosen: ours, and what this browser has beyond them.
 * @param {(string | null)[]} more names that must be there
 * @returns {{name: string, others: string[]}[]} by name; `others` are older names and cities without a zone of their own
 */
export function allZones(more) {
  const rest = [...(Intl.supportedValuesOf?.("timeZone") ?? []), "UTC", ...more].filter((name) => name && !today.has(name));
  return [...zones.map(({ name, aliases, cities }) => ({ name, others: [...aliases, ...cities] })), ...[...new Set(rest)].map((name) => ({ name, others: [] }))]
    .sort((a, b) => a.name.localeCompare(b.name));
}
