// The list of sessions, which shows what changes while somebody looks.
import { announce } from "../shared/announce.js";
import { listing } from "../shared/listing.js";
import { listen } from "../shared/live.js";
import { refresh, remember } from "../shared/refresh.js";
import { say } from "../shared/strings.js";

const list = listing("/sessions", ["sessions"]);

remember();
listen(async () => {
  if (list.hasGrown) return; // Would take away what was loaded below.
  if (await refresh(["sessions"]).catch(() => false)) announce(say("live.changed"));
});
