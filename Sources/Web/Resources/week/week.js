// My week as a grid of hours. The server sends an agenda; this module only says where each session stands.
import { announce } from "../shared/announce.js";
import { wallClock } from "../shared/clock.js";
import { inLanes } from "./overlaps.js";
import { listen } from "../shared/live.js";
import { remember } from "../shared/refresh.js";
import { onKeys } from "../shared/shortcuts.js";
import { say } from "../shared/strings.js";
import { Weeks } from "./weeks.js";

const firstHour = 7, lastHour = 21; // shown even when nothing is booked

/** @param {Element} part holds one `.calendar`, or none */
function place(part) {
  const calendar = part.querySelector(".calendar");
  if (!calendar) return;
  const days = [...calendar.querySelectorAll(".day")].map((day) =>
    [...day.querySelectorAll(".day-sessions > li")].map((element) => ({
      element,
      start: Number(element.dataset.startMinute),
      minutes: Math.min(Number(element.dataset.minutes), 1440 - Number(element.dataset.startMinute)),
    })));

  const all = days.flat();
  const from = Math.min(firstHour, ...all.map((s) => Math.floor(s.start / 60)));
  const to = Math.max(lastHour, ...all.map((s) => Math.ceil((s.start + s.minutes) / 60)));
  calendar.style.setProperty("--first-hour", from);
  calendar.style.setProperty("--last-hour", to);

  for (const day of days) {
    for (const { element, start, minutes, lane, lanes } of inLanes(day)) {
      const style = element.style;
      style.setProperty("--start", start);
      style.setProperty("--minutes", minutes);
      style.setProperty("--lane", lane);
      style.setProperty("--lanes", lanes);
    }
  }

  calendar.querySelector(".hours").replaceChildren(...hours(from, to));
  calendar.querySelector(".week").dataset.placed = "";
  drawNow(calendar);
}

function* hours(from, to) {
  for (let hour = from + 1; hour < to; hour++) {
    const label = document.createElement("span");
    label.textContent = `${String(hour).padStart(2, "0")}:00`;
    label.style.setProperty("--row", hour - from);
    yield label;
  }
}

function drawNow(calendar = document.querySelector(".calendar")) {
  const now = wallClock(new Date(), calendar.dataset.timeZone);
  calendar.querySelector(".now")?.remove();
  const day = calendar.querySelector(`.day[data-date="${now.day}"] .day-sessions`);
  const from = Number(calendar.style.getPropertyValue("--first-hour"));
  const to = Number(calendar.style.getPropertyValue("--last-hour"));
  if (!day || now.minute < from * 60 || now.minute > to * 60) return;
  const line = document.createElement("li");
  line.className = "now";
  line.setAttribute("aria-hidden", "true");
  line.style.setProperty("--start", now.minute);
  day.append(line);
}

/** Pointing at an empty hour shows where a click would book. The keyboard has `b` and the button for it. */
function offerEmptyHours() {
  if (!matchMedia("(hover: hover)").matches) return;
  const ghost = document.createElement("li");
  ghost.className = "ghost";
  ghost.setAttribute("aria-hidden", "true");

  const at = (event) => {
    const column = event.target.closest?.(".calendar[data-can-book] .day-sessions");
    if (!column || event.target.closest(".booking") || !matchMedia("(width >= 48rem)").matches) return null;
    const calendar = column.closest(".calendar");
    const from = Number(calendar.style.getPropertyValue("--first-hour"));
    const hours = Number(calendar.style.getPropertyValue("--last-hour")) - from;
    const box = column.getBoundingClientRect();
    const minute = from * 60 + Math.floor(((event.clientY - box.top) / box.height) * hours * 2) * 30;
    const day = column.closest(".day").dataset.date;
    const now = wallClock(new Date(), calendar.dataset.timeZone);
    if (day < now.day || (day === now.day && minute <= now.minute)) return null;
    const length = freeFrom(minute, column);
    if (!length) return null;
    const time = `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
    return { column, minute, length, time, day };
  };

  document.addEventListener("pointermove", (event) => {
    const place = at(event);
    if (!place) return ghost.remove();
    ghost.style.setProperty("--start", place.minute);
    ghost.style.setProperty("--minutes", place.length);
    ghost.textContent = say("book.in", { start: place.time });
    if (ghost.parentElement !== place.column) place.column.append(ghost);
  });
  // A press that closes a menu, or that was begun elsewhere, asks for no booking.
  let pressed = null;
  document.addEventListener("pointerdown", (event) => {
    pressed = document.querySelector("details.menu[open]") || event.button ? null : at(event);
  }, true);
  document.addEventListener("click", (event) => {
    const place = pressed && at(event);
    if (place && place.column === pressed.column && place.minute === pressed.minute) location.assign(`/book?day=${place.day}&time=${place.time}`);
  });
}

/** How much of the hour from then on is free; 0 when something is booked in its first half. */
function freeFrom(minute, column) {
  const booked = [...column.querySelectorAll("[data-start-minute]")].map(({ dataset }) => Number(dataset.startMinute)).filter((start) => start > minute);
  const isTaken = [...column.querySelectorAll("[data-start-minute]")].some(({ dataset: { startMinute, minutes } }) => Number(startMinute) < minute + 30 && Number(startMinute) + Number(minutes) > minute);
  return isTaken ? 0 : Math.min(60, 1440 - minute, ...booked.map((start) => start - minute));
}

remember();
place(document.querySelector('[data-refresh="week"]'));
setInterval(drawNow, 30_000);
offerEmptyHours();

// On a phone the week is long: begin where today is, unless there is something to be done first.
const today = document.querySelector(".day[data-today]");
if (today && !location.hash && !document.querySelector(".checklist") && matchMedia("(width < 48rem)").matches && today.getBoundingClientRect().bottom > innerHeight) {
  today.scrollIntoView({ block: "start" });
}

const weeks = new Weeks(place);
const follow = (key) => () => document.querySelector(`[data-key="${key}"]`)?.click();
onKeys({ ArrowLeft: follow("previous"), ArrowRight: follow("next"), t: follow("today"), b: follow("book") });

listen(async () => {
  if (await weeks.renew()) announce(say("live.changed"));
});
