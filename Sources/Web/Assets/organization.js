// The organisation that a page is about, and its place in the HTTP interface.
import { call } from "./api.js";

/** Its id. */
export const organization = document.querySelector("[data-organization]").dataset.organization;

/** @param {string} rest of a path below the organisation's @param {Parameters<typeof call>[1]} [options] */
export const ask = (rest, options) => call(`/api/organizations/${organization}${rest}`, options);
