// Talks to Convene's own HTTP interface.
import { say } from "./strings.js";

/** An answer that is no success: an RFC 9457 problem document. */
export class Problem extends Error {
  /** @param {number} status @param {any} body */
  constructor(status, body) {
    super(body?.detail || body?.title || `HTTP ${status}`);
    this.status = status;
    this.code = body?.code ?? "";
    this.detail = body?.detail ?? "";
    /** @type {{field: string, message: string}[]} */
    this.errors = body?.errors ?? [];
    /** @type {{userId: string, start: string, end: string}[]} */
    this.conflicts = body?.conflicts ?? [];
    /** @type {{start: string, end: string}[]} */
    this.alternatives = body?.alternatives ?? [];
  }
}

/** No answer came, so it is not known whether the request was carried out. */
export class Unreachable extends Error {}

const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? null;

/** The organization that the page shows; null on pages of none. */
export const organization = () => meta("organization");

/**
 * @param {string} path
 * @param {{method?: string, body?: unknown, headers?: Record<string, string>, signal?: AbortSignal}} [options]
 * @returns {Promise<any>} the decoded answer, null when it is empty
 * @throws {Problem | Unreachable}
 */
export async function call(path, options) {
  try {
    return await ask(path, options);
  } catch (error) {
    if (!(error instanceof Problem && error.code === "csrf")) throw error;
    // The sign-in that this page was written for has ended, and there is another.
    await renewToken();
    return ask(path, options);
  }
}

/**
 * Takes the form token of anyone who is signed in now, so that what was typed can still be saved, if they are who they were.
 * @throws {Problem | Unreachable} also when that is somebody else, or they are in another organization
 */
async function renewToken() {
  const now = await ask("/form-token").catch((error) => {
    // Half signed in is not signed in.
    throw error instanceof Problem && error.status < 500 ? new Problem(401, {}) : error;
  });
  const refuse = (code, values) => { throw new Problem(403, { code, title: say(`token.${code}`, values), detail: say(`token.${code}`, values) }); };
  if (now.userId !== meta("user")) refuse("otherPerson", { name: now.name });
  if (organization() && now.organizationId !== organization()) refuse("otherOrganization", { name: now.organizationName });
  document.querySelector('meta[name="csrf"]').content = now.token;
  for (const field of document.querySelectorAll('input[name="csrf"]')) field.value = now.token;
}

async function ask(path, { method = "GET", body, headers = {}, signal } = {}) {
  const over = new AbortController();
  const timeout = setTimeout(() => over.abort(), 20_000);
  const stop = () => over.abort();
  signal?.addEventListener("abort", stop);
  let answer, text;
  try {
    answer = await fetch(path, {
      method,
      credentials: "same-origin",
      headers: {
        Accept: "application/json",
        ...(method === "GET" ? {} : { "X-CSRF-Token": meta("csrf") ?? "" }),
        ...(organization() && { "X-Organization-Id": organization() }),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: over.signal,
    });
    text = await answer.text();
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Unreachable("no answer", { cause: error });
  } finally {
    clearTimeout(timeout);
    signal?.removeEventListener("abort", stop);
  }
  let decoded = null;
  try {
    decoded = text ? JSON.parse(text) : null;
  } catch {
    // A proxy in between answered with a page of its own.
  }
  if (answer.ok) return decoded;
  throw new Problem(answer.status, decoded);
}

/** A `+` stands for itself in the API's addresses, as in `+02:00`. @param {Record<string, string>} query */
const inAddress = (query) => String(new URLSearchParams(query)).replaceAll("+", "%20");

/**
 * One page of the organization's members.
 * @param {Record<string, string>} query as `/members` takes it
 * @param {AbortSignal} [signal]
 * @returns {Promise<{items: any[], nextCursor?: string}>}
 */
export const findMembers = (query, signal) => call(`/api/organizations/${organization()}/members?${inAddress(query)}`, { signal });

/** Everybody in a group, by name; 2,000 at most. */
export async function groupMembers(group) {
  const people = [];
  let cursor = "";
  do {
    const page = await findMembers({ limit: "200", group, ...(cursor && { cursor }) });
    people.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor && people.length < 2000);
  return people;
}
