// Runs before the first paint (a classic script in <head>), so that neither the theme nor the layout flickers.
// The rest of the theme's story is in theme.js.
document.documentElement.classList.add("js");
try {
  const theme = localStorage.getItem("convene.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden; then the system's theme holds.
}
