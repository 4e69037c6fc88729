// Hears that sessions changed: over server-sent events, and when these do not come through, by asking in intervals.
// A stream that is open may still be held back on its way, so it is believed only while the server's heartbeats come.
import { announce } from "./announce.js";
import { organization } from "./api.js";
import { icon, make } from "./dom.js";
import { eventTypes } from "./event-types.js";
import { say } from "./strings.js";

/**
 * Calls `onChange` after sessions changed, once for a burst of changes, with the ids of the sessions concerned
 * (empty when unknown). Also when a page is looked at again after having been hidden. Who may not listen any more is told
 * so, and nothing is asked after that.
 * @param {(sessions: Set<string>) => void} onChange
 * @param {{pollEvery?: number, silentAfter?: number, tryAgainAfter?: number, onRefused?: () => void}} [options] in ms: how
 *   often to ask while events do not come through; how long nothing may come, of a server that beats every four seconds;
 *   and how long a stream that was silent is left alone. `onRefused`: what to stop too when one may not listen any more
 * @returns {() => void} stops listening
 */
export function listen(onChange, { pollEvery = 5_000, silentAfter = 10_000, tryAgainAfter = 30_000, onRefused = () => {} } = {}) {
  /** @type {EventSource | null} */
  let source = null;
  let poll = 0, burst = 0, silence = 0;
  let notBefore = 0;
  let touched = new Set();
  let isBroken = false, isOver = false;
  // Where the page stood when the server wrote it: nothing is missed between the two, nor while nobody looked.
  let last = document.querySelector('meta[name="last-event"]')?.content ?? "";

  const changed = (id) => {
    if (isOver) return;
    if (id) touched.add(id);
    clearTimeout(burst);
    burst = setTimeout(() => {
      const ids = touched;
      touched = new Set();
      onChange(ids);
    }, 120);
  };

  /** Something came, so what comes next will. */
  const trust = () => {
    clearTimeout(silence);
    silence = setTimeout(distrust, silentAfter);
    stopPolling();
    if (isBroken) changed();
    isBroken = false;
  };
  const distrust = () => {
    source?.close();
    source = null;
    isBroken = true;
    notBefore = Date.now() + tryAgainAfter;
    changed();
    startPolling();
  };

  const heard = (event) => {
    trust();
    last = event.lastEventId || last;
    let data;
    try {
      data = JSON.parse(event.data);
    } catch {
      return;
    }
    const type = data.type ?? event.type;
    if (!/\.session\./.test(type)) return;
    changed(data.payload?.sessionId ?? data.sessionId);
  };

  const startPolling = () => {
    poll ||= setInterval(() => {
      open();
      changed();
    }, pollEvery);
  };
  const stopPolling = () => { clearInterval(poll); poll = 0; };

  const address = () => {
    const query = new URLSearchParams({ organization: organization() ?? "", lastEventId: last });
    for (const [name, value] of [...query]) if (!value) query.delete(name);
    return `/api/events/stream?${query}`;
  };
  const open = () => {
    if (source || isOver || Date.now() < notBefore) return;
    source = new EventSource(address());
    clearTimeout(silence);
    silence = setTimeout(distrust, silentAfter);
    source.addEventListener("heartbeat", trust);
    source.onmessage = heard;
    for (const type of eventTypes) source.addEventListener(type, heard);
    // Too much was missed to be told one by one.
    source.addEventListener("reset", (event) => {
      trust();
      last = event.lastEventId;
      changed();
    });
    source.onerror = () => {
      isBroken = true;
      startPolling();
      // The browser reconnects by itself, unless the answer was no stream at all; then the next poll tries.
      if (source?.readyState !== EventSource.CLOSED) return;
      source = null;
      endIfRefused();
    };
  };
  /** A stream does not say why it was refused; its head does. Who is signed out is led to sign in by the page itself. */
  const endIfRefused = async () => {
    const answer = await fetch(address(), { method: "HEAD", credentials: "same-origin", cache: "no-store" }).catch(() => null);
    if (isOver || (answer?.status !== 403 && answer?.status !== 404)) return;
    isOver = true;
    clearTimeout(burst);
    close();
    const text = say("live.refused");
    document.querySelector("main").prepend(make("p.notice", { "data-tone": "warn", id: "live-refused" }, icon("alert"), text));
    announce(text);
    onRefused();
  };
  const close = () => {
    source?.close();
    source = null;
    clearTimeout(silence);
    stopPolling();
  };

  // A browser opens six connections to a server at most: hidden tabs must not hold them.
  const look = () => {
    if (isOver) return;
    if (document.hidden) return close();
    notBefore = 0;
    open();
    changed();
  };
  document.addEventListener("visibilitychange", look);
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => { if (event.persisted) look(); });
  open();

  return () => {
    document.removeEventListener("visibilitychange", look);
    clearTimeout(burst);
    close();
  };
}
