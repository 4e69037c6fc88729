/**
 * "Europe/London" as a person says it: "London". The server tells every zone by its name of today, so this needs no table of
 * older ones.
 */
export const city = (zone) => zone.split("/").at(-1).replaceAll("_", " ");
