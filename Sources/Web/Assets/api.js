// Talks to Convene's own HTTP interface.

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

const csrf = () => document.querySelector('meta[name="csrf"]')?.content ?? "";

/** The organisation that the page shows; null on pages of none. */
export const organization = () => document.querySelector('meta[name="organization"]')?.content ?? null;

/**
 * @param {string} path
 * @param {{method?: string, body?: unknown, headers?: Record<string, string>, signal?: AbortSignal}} [options]
 * @returns {Promise<any>} the decoded answer, null when it is empty
 * @throws {Problem | Unreachable}
 */
export async function call(path, { method = "GET", body, headers = {}, signal } = {}) {
  const timeout = AbortSignal.timeout(20_000);
  let answer, text;
  try {
    answer = await fetch(path, {
      method,
      credentials: "same-origin",
      headers: {
        Accept: "application/json",
        ...(method === "GET" ? {} : { "X-CSRF-Token": csrf() }),
        ...(organization() && { "X-Organization-Id": organization() }),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    text = await answer.text();
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Unreachable("no answer", { cause: error });
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

/** Everybody in an organisation, or with a role there, or in a group, by name. */
export async function members(organization, role, group) {
  const people = [];
  let cursor = "";
  do {
    const page = await call(`/api/organizations/${organization}/members?` + new URLSearchParams({ limit: "200", ...(role && { role }), ...(group && { group }), ...(cursor && { cursor }) }));
    people.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor && people.length < 2000);
  return people;
}
