// The search as one types: the box of the top bar, the facets and the order make one question, which htmx sends.
const WAIT_MS = 120;

const form = document.getElementById("search-form");
const box = document.getElementById("global-search");
const hits = () => [...document.querySelectorAll("[data-hit]")];

// From here on the box belongs to the search form: what it holds is sent with the facets, and Enter sends all of it.
box.setAttribute("form", form.id);

let timer = 0;
let asked = box.value;

function ask(kind) {
  clearTimeout(timer);
  asked = box.value;
  form.dispatchEvent(new CustomEvent(kind));
}

function typed() {
  clearTimeout(timer);
  timer = setTimeout(() => box.value !== asked && ask("typed"), WAIT_MS);
}

// While an input method composes, the box holds letters that are not meant yet.
box.addEventListener("input", (event) => event.isComposing || typed());
box.addEventListener("compositionend", typed);
form.addEventListener("submit", () => clearTimeout(timer));

document.addEventListener("change", (event) => {
  if (event.target !== box && event.target.form === form) ask("chosen");
});

// A chip takes its box's tick away, so that address, facets and list change together.
document.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-drops]");
  const choice = chip && document.getElementById(chip.dataset.drops);
  if (!choice || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  choice.checked = false;
  ask("chosen");
});

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.elt !== form) return;
  if (event.detail.triggeringEvent?.type === "typed") event.detail.headers["X-Typing"] = "yes";
});

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const all = hits();
  const place = all.indexOf(document.activeElement);
  if (document.activeElement === box && event.key === "ArrowDown" && all.length) {
    event.preventDefault();
    all[0].focus();
  } else if (place >= 0 && event.key === "ArrowDown") {
    event.preventDefault();
    all[Math.min(place + 1, all.length - 1)].focus();
  } else if (place >= 0 && event.key === "ArrowUp") {
    event.preventDefault();
    (all[place - 1] ?? box).focus();
  } else if (place >= 0 && event.key === "Escape") {
    box.focus();
    box.select();
  }
});
