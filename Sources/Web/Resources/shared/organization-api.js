// The organization that a page is about, and its place in the HTTP interface.
import { call } from "./api.js";

/** Its id, and what it was called when the page was loaded. */
export const { organization, title } = document.querySelector("[data-organization]").dataset;

/** @param {string} rest of a path below the organization's @param {Parameters<typeof call>[1]} [options] */
export const ask = (rest, options) => call(`/api/organizations/${organization}${rest}`, options);
