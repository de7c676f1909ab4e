// A form with data-guarded asks before typed work is lost, and is sent by Ctrl+Enter. data-changed: it holds such work from the start.
const form = document.querySelector("form[data-guarded]");
let changed = "changed" in form.dataset;

form.addEventListener("input", () => (changed = true));
form.addEventListener("submit", () => (changed = false));
// A part of the form that comes anew from the server was asked for by a change.
form.addEventListener("htmx:beforeRequest", () => (changed = true));
window.addEventListener("beforeunload", (event) => changed && event.preventDefault());
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});
