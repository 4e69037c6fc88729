// Every sentence that scripts show or speak, by key, so that another language is another table.
// The language is the page's (`<html lang>`); what a language lacks is said in English.

const tables = {
  en: {
    "copy.done": "{what} copied",
    "copy.failed": "Could not copy. Select the text and copy it by hand.",
    "action.failed": "That did not work",
    "action.failed.detail": "Something went wrong on our side. Trying again is safe.",
    "action.lost": "The connection was lost",
    "action.lost.detail": "We do not know whether it was done. Reload the page and see.",
    "action.signedOut": "You have been signed out",
    "action.signedOut.detail": "Reload the page to sign in again.",
    "password.missing": { one: "{count} more character", other: "{count} more characters" },
    "password.enough": "Long enough",
    "password.choose": "Choose a password.",
    "password.changed": "Your password is changed.",
    "prove.needed": "Enter your current password.",
    "prove.wrong": "This is not your password.",
    "second.code.six": "Enter the six digits that the app shows.",
    "second.code.wrong": "This is not the code that the app shows now. Try the next one.",
    "second.on.done": "Two-step sign-in is on. Keep the recovery codes.",
    "second.off.title": "Switch two-step sign-in off?",
    "second.off.detail": "Your password alone will sign you in, and the recovery codes end.",
    "second.off.action": "Switch off",
    "second.off.done": "Two-step sign-in is off.",
    "codes.renew.title": "Make new recovery codes?",
    "codes.renew.detail": "Those that you have kept stop working.",
    "codes.renew.action": "Make new codes",
    "codes.file": "Recovery codes of {email} for Convene. Each works once.",
    "signIns.ended": "That sign-in is ended.",
    "signIns.othersEnded": "You are signed in here only.",
    "signIns.everywhere.title": "Sign out everywhere?",
    "signIns.everywhere.detail": "Every browser and program is signed out, this one too. Keys for programs stay.",
    "signIns.everywhere.action": "Sign out everywhere",
    "keys.need.name": "Say what it is for.",
    "keys.need.scopes": "Choose at least one thing that it may do.",
    "keys.end.title": "End the key “{name}”?",
    "keys.end.detail": "Programs that use it are refused from now on.",
    "keys.end.action": "End the key",
    "keys.ended": "The key is ended.",
    "linked.add": "Link {name}",
    "linked.end": "Unlink",
    "linked.unlink": "Unlink {name}",
    "linked.end.title": "Unlink {name}?",
    "linked.end.detail": "{name} will not sign you in here any more.",
    "linked.error": "The account could not be linked",
    "linked.error.openid_unavailable": "The other service cannot be reached now. Try again later.",
    "linked.error.openid_expired": "That took too long, or was begun in another browser. Try again.",
    "linked.error.openid_cancelled": "You did not finish signing in there. Try again.",
    "linked.error.openid_refused": "That sign-in could not be accepted. Try again.",
    "linked.error.openid_linked_elsewhere": "It is linked with another account here already. Unlink it there first.",
    "linked.ended": "{name} is unlinked.",

    "live.changed": "Your sessions have changed; this page shows them now.",
    "load.more.done": { one: "{count} more session", other: "{count} more sessions" },
    "load.more.failed": "The next sessions could not be loaded. Please try again.",

    "people.none": "Nobody matches “{text}”",
    "people.empty": "There is nobody to choose here yet",
    "people.failed": "The list of people could not be loaded.",
    "people.loading": "Loading people…",
    "people.found": { one: "{count} person", other: "{count} people" },
    "people.remove": "Remove {name}",
    "people.clear": "Clear {name}",
    "people.added": "{name} added",
    "people.removed": "{name} removed",
    "people.choose": "Type a name",
    "people.add": "Add another student",

    "times.first": "Choose the people first. Then the times that suit everybody appear here.",
    "times.loading": "Looking for free times…",
    "times.none": "No common free time on {day}.",
    "times.noneInWeek": "No common free time in these seven days.",
    "times.nextWeek": "Look at the next seven days",
    "times.failed": "Free times could not be loaded.",
    "times.retry": "Try again",
    "times.night": "Night",
    "times.morning": "Morning",
    "times.afternoon": "Afternoon",
    "times.evening": "Evening",
    "times.found": { one: "{count} free time on {day}", other: "{count} free times on {day}" },
    "times.freeCount": { one: "{count} free", other: "{count} free" },
    "times.full": "none",
    "times.zones": "Times are yours ({zone}). Beneath: {name}’s local time.",
    "times.yours": "Times are yours ({zone}).",
    "times.busy": "{name} is busy {range}. You can still try; the calendar decides.",
    "times.past": "This time has passed.",
    "times.missingHour": "This hour does not exist on that day: the clocks go forward.",
    "times.custom": "{when}, chosen by hand",

    "title.with": "{kind} with {names}",
    "title.class": { one: "{kind}, {count} student", other: "{kind}, {count} students" },
    "names.and": "{first} and {last}",

    "need.students": "Choose a student.",
    "need.mentorId": "Choose a mentor.",
    "need.counselorId": "Choose a counselor.",
    "need.scheduledStartTime": "Choose a time.",
    "need.title": "Give the session a title.",

    "book.sending": "Booking…",
    "book.booked": "Booked. Opening the session…",
    "book.invalid": { one: "One thing needs your attention.", other: "{count} things need your attention." },
    "book.conflict.title": "That time has just been taken",
    "book.conflict.who": "{name} is booked {range}.",
    "book.conflict.choose": "Book one of these instead; everything else stays as you typed it:",
    "book.conflict.none": "Choose another time above.",
    "book.units.title": "Not enough units left",
    "book.units.detail": "The student’s contract does not cover this session. Choose a shorter one, or top the contract up.",
    "book.network.title": "The connection was lost",
    "book.network.detail": "Nothing is lost. Trying again is safe: the session cannot be booked twice.",
    "book.failed.title": "The session could not be booked",
    "book.failed.detail": "Something went wrong on our side. Trying again is safe.",
    "book.signedOut.title": "You have been signed out",
    "book.signedOut.detail": "Sign in again in another tab, then come back and book.",
    "book.again": "Try again",
    "tags.remove": "Remove {tag}",

    "session.slow.title": "This is taking longer than usual",
    "session.slow.detail": "You can leave this page; we will keep trying.",
    "session.ready": "The meeting is ready. The join link is on this page now.",
    "session.failed": "The meeting could not be created. You can try again.",
    "session.cancelled": "This session has been cancelled.",
    "session.completed": "This session is completed.",
    "session.pending": "The meeting is being created.",
    "session.live": "The session is in progress.",
    "session.retry.conflict": "The time is no longer free",
    "session.retry.conflictDetail": "{name} is booked {range}. Book a new session at another time.",
    "session.action.failed": "That did not work. Please try again.",
    "somebody": "Somebody",
    "book.in": "Book {start}",
  },
};

/** The page's language, also for dates. */
export const language = document.documentElement.lang || "en";
const table = tables[language] ?? tables[language.split("-")[0]] ?? {};
const plural = new Intl.PluralRules(language);

/**
 * What to say.
 * @param {string} key
 * @param {Record<string, string | number>} [values] for the `{names}` in it; `count` also chooses the plural form
 * @returns {string}
 */
export function say(key, values = {}) {
  const entry = table[key] ?? tables.en[key] ?? key;
  const text = typeof entry === "string" ? entry : entry[plural.select(Number(values.count))] ?? entry.other;
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}
