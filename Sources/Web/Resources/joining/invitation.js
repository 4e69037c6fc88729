// A new account begins with the clock of the device that it is made on; the form itself needs no script.
import "../shared/busy.js";
import "../shared/new-password.js";
import { deviceZone } from "../shared/zones.js";

const zone = deviceZone();
for (const field of document.querySelectorAll("[data-device-zone]")) field.value = zone;
for (const place of document.querySelectorAll("[data-device-zone-name]")) place.textContent = zone.replaceAll("_", " ");
