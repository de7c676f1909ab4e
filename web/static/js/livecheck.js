// Tells while one types whether a value can be right, as the reader and the archive will judge it.
//
// Every input with data-kind (a kind of value) is checked, wherever it stands and whenever it came: the note goes into the
// element whose id is the input's id and "-check", which is made after the input where the page has none. A suggestion is
// taken over with one click. The address comes from <meta name="check-address">; without it nothing is checked.
import { csrfToken } from "./requests.js";

const WAIT_MS = 250;
const UNCHECKED = new Set(["text", "address"]);
const pending = new WeakMap();

function noteOf(input) {
  const id = `${input.id}-check`;
  let note = document.getElementById(id);
  if (!note) {
    note = document.createElement("div");
    note.id = id;
    note.setAttribute("role", "status");
    (input.closest(".input-group") ?? input).after(note);
  }
  return note;
}

export async function check(input) {
  const address = document.querySelector('meta[name="check-address"]')?.content;
  pending.get(input)?.abort();
  if (!address || UNCHECKED.has(input.dataset.kind)) return;
  const asked = new AbortController();
  pending.set(input, asked);
  const body = new URLSearchParams({ kind: input.dataset.kind, value: input.value, input: input.id });
  const headers = { "X-CSRFToken": csrfToken(), "HX-Request": "true" };
  try {
    const response = await fetch(address, { method: "POST", body, headers, signal: asked.signal });
    if (!response.ok) return;
    const valid = response.headers.get("X-Valid") === "yes";
    noteOf(input).innerHTML = await response.text(); // made and escaped by our own template
    input.classList.toggle("is-invalid", !valid);
    input.setAttribute("aria-invalid", String(!valid));
  } catch {
    // Taken back for a later one, or no connection: the check on saving decides.
  }
}

export function startLiveCheck() {
  const timers = new WeakMap();
  document.addEventListener("input", (event) => {
    const input = event.target;
    if (!input.dataset?.kind || event.isComposing) return;
    clearTimeout(timers.get(input));
    timers.set(input, setTimeout(() => check(input), input.matches("select") ? 0 : WAIT_MS));
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-suggestion-for]");
    if (!button) return;
    const input = document.getElementById(button.dataset.suggestionFor);
    input.value = button.value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.focus();
  });
}
