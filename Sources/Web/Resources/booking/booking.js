// Sends a booking, at most once whatever happens on the way.
import { call, Problem } from "../shared/api.js";

/**
 * One filling-in of the form. Its key makes a repetition after a lost answer safe: same key and body give the same
 * session. A definite refusal ends the attempt, and what is sent next is a new request with a new key.
 */
export class Attempt {
  #key = crypto.randomUUID?.() ?? randomID();
  #body = "";

  /** @param {object} booking @returns {Promise<{sessionId: string}>} */
  async send(booking) {
    const body = JSON.stringify(booking);
    if (this.#body && this.#body !== body) this.#renew();
    this.#body = body;
    try {
      return await call("/api/counselor/sessions/book", { method: "POST", body: booking, headers: { "Idempotency-Key": this.#key } });
    } catch (error) {
      if (error instanceof Problem && error.status < 500 && error.status !== 401) this.#renew();
      throw error;
    }
  }

  #renew() {
    this.#key = crypto.randomUUID?.() ?? randomID();
    this.#body = "";
  }
}

/** A page without TLS, as on a test machine in the office, has no `randomUUID`. */
function randomID() {
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5");
}
