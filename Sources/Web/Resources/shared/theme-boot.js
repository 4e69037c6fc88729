// Runs before the first paint (a classic script in <head>), so that neither the theme nor the layout flickers.
// The rest of the theme's story is in theme.js. It also tells when the page cannot work, in words of the oldest
// JavaScript, since a browser that is too old runs nothing else of ours.
document.documentElement.classList.add("js");

(function () {
  try {
    var theme = localStorage.getItem("convene.theme");
    if (theme === "light" || theme === "dark") document.documentElement.setAttribute("data-theme", theme);
  } catch (error) {
    // Storage may be forbidden; then the system's theme holds.
  }
})();

(function () {
  var told = false, started = false;

  function tell(text) {
    if (told) return;
    told = true;
    var put = function () {
      var place = document.querySelector("main") || document.body;
      var notice = document.createElement("p");
      notice.className = "notice trouble";
      notice.setAttribute("data-tone", "warn");
      notice.setAttribute("role", "alert");
      notice.appendChild(document.createTextNode(text));
      place.insertBefore(notice, place.firstChild);
    };
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", put);
    else put();
  }

  // The newest of what the pages need: Chrome and Edge 112, Firefox 121, Safari 16.5. The README names the same.
  var isNewEnough = window.CSS && CSS.supports && CSS.supports("selector(&)") && CSS.supports("selector(:has(a))") && Array.prototype.findLast;
  if (!isNewEnough) tell("This browser is too old for Convene. Please use Chrome or Edge 112, Firefox 121, Safari 16.5, or a newer one.");

  function broken(event) {
    // Pictures and styles that are missing are no reason; scripts are, and what they throw while they start.
    if (started || (event.target !== window && event.target && event.target.tagName !== "SCRIPT")) return;
    tell("This page could not start completely. Reload it; if that does not help, ask whoever looks after Convene here.");
  }
  addEventListener("error", broken, true);
  addEventListener("load", function () { started = true; });
})();
