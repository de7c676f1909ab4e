// A form with data-guarded asks before typed work is lost, and is sent by Ctrl+Enter. data-changed: it holds such work from the start.
// It is sent only where that will be taken: not without a connection, and not after the login has ended.
import { ask } from "./confirm.js";
import { toast } from "./requests.js";

const PAUSE_MS = 3000; // a second click is no second form

const form = document.querySelector("form[data-guarded]");
const words = document.body.dataset;
let changed = "changed" in form.dataset;
let mayGo = false;
let busy = false;

// Resolves to true where the form may be sent, with a request token that counts now.
async function prepare() {
  let answer;
  try {
    answer = await fetch(words.session, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  } catch {
    toast(words.offline, "danger");
    return false;
  }
  if (answer.status === 401) {
    const agreed = await ask({ title: words.ended, text: words.endedAdvice, yes: words.endedYes });
    if (agreed) window.open(words.login, "_blank", "noopener");
    return false;
  }
  if (answer.ok) form.elements.csrf_token.value = (await answer.json()).token;
  return true;
}

async function submitted(event) {
  if (mayGo) {
    changed = false;
    return;
  }
  event.preventDefault();
  if (busy) return;
  busy = true;
  const ready = await prepare();
  setTimeout(() => (busy = false), ready ? PAUSE_MS : 0);
  if (!ready) return;
  mayGo = true;
  form.requestSubmit(event.submitter);
  mayGo = false;
}

form.addEventListener("input", () => (changed = true));
form.addEventListener("submit", submitted);
// A part of the form that comes anew from the server was asked for by a change.
form.addEventListener("htmx:beforeRequest", () => (changed = true));
window.addEventListener("beforeunload", (event) => changed && event.preventDefault());
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});
