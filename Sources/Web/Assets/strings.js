// Every sentence that scripts show or speak, by key, so that another language is another table.
// The language is the page's (`<html lang>`); what a language lacks is said in English.

const tables = {
  en: {
    "copy.done": "{what} copied",
    "copy.failed": "Could not copy. Select the text and copy it by hand.",
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
    "zones.choose": "Type a city",
    "zones.none": "No time zone matches “{text}”",
    "zones.loading": "Loading time zones…",
    "zones.clear": "Clear {name}",

    "save.saving": "Saving…",
    "save.done": "Saved",
    "save.network.title": "The connection was lost",
    "save.network.detail": "Everything is still here as you typed it. Saving again is safe.",
    "save.failed.title": "That could not be saved",
    "save.failed.detail": "Something went wrong on our side. Saving again is safe.",
    "save.signedOut.detail": "Sign in again in another tab, then come back and save.",

    "settings.deviceZone": "Use this device’s: {zone}",
    "settings.need.name": "Enter your name.",
    "settings.need.timeZone": "Choose a time zone.",
    "settings.need.reminder": "A reminder comes between 5 minutes and 28 days before.",
    "settings.need.differentReminders": "Two reminders come at the same time.",
    "reminder.amount": "How long before",
    "reminder.unit": "Unit",
    "reminder.minutes": "minutes before",
    "reminder.hours": "hours before",
    "reminder.days": "days before",
    "reminder.remove": "Remove this reminder",

    "brand.noColour": "Write a colour as #rrggbb.",
    "brand.enough.light": "on light pages: easy to read",
    "brand.enough.dark": "on dark pages: easy to read",
    "brand.tooLittle.light": "on light pages; {needed} : 1 is needed",
    "brand.tooLittle.dark": "on dark pages; {needed} : 1 is needed",
    "brand.need.light": "Take a darker colour, so that it can be read.",
    "brand.need.dark": "Take a lighter colour, so that it can be read.",
    "brand.take": "Take {colour}",
    "brand.logoMissing": "No image could be loaded from there.",
    "brand.from": "From {name}",
    "brand.accept": "Accept the invitation",
    "brand.open": "Open the session",
    "brand.stale.title": "Somebody else has saved in the meantime",
    "brand.stale.detail": "Your changes are still here, unsaved. Load what is there now, and repeat them.",
    "brand.stale.load": "Load what is there now",
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
