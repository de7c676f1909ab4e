// The review: fields beside the scan, decided by keyboard; every decision is saved at once, one after the other.
import { drawCutOuts } from "./cutouts.js";
import { openDialog } from "./dialogs.js";
import { startLiveCheck } from "./livecheck.js";
import { scrolling } from "./motion.js";
import { send, toast } from "./requests.js";
import { viewerOf } from "./viewer.js";

const page = document.querySelector("[data-review]");
const list = page.querySelector("[data-rows]");
const choices = page.querySelector("[data-choices]");
const fileForm = page.querySelector("[data-file-form]");
const viewer = viewerOf(page.querySelector("[data-viewer]"));
let saving = 0;
let saved = Promise.resolve();
let leaving = false;
let choseDossier = false;
const decided = []; // ids of the rows, the one decided last at the end

const rowOf = (element) => element?.closest?.("[data-finding]") ?? null;
const inputOf = (row) => row.querySelector("[name=value]");
const rows = () => [...page.querySelectorAll("[data-finding]")];
const boxOf = (row) => row.dataset.box?.split(",").map(Number) ?? null;
const chosenDossier = () => fileForm.querySelector("[name=dossier]:checked")?.value ?? "";

// Moving between fields

function focusRow(row) {
  const folded = row.closest("details:not(.finding-more)");
  if (folded) folded.open = true;
  const input = inputOf(row);
  input.focus({ preventScroll: true });
  input.select?.();
  row.scrollIntoView({ block: "center", behavior: scrolling });
}

function showOnScan(row) {
  page.querySelector(".is-current")?.classList.remove("is-current");
  row.classList.add("is-current");
  if (Number(row.dataset.page)) viewer.show(Number(row.dataset.page), boxOf(row));
}

// The next field that needs a look after (or before) this one, round the end; null where none does.
function nextWeak(row, step = 1) {
  const all = rows();
  const begin = all.indexOf(row);
  for (let n = 1; n <= all.length; n += 1) {
    const each = all[(begin + n * step + all.length * n) % all.length];
    if (each !== row && each.dataset.standing === "weak") return each;
  }
  return null;
}

function goOn(row, step = 1) {
  const next = nextWeak(row, step);
  if (next) focusRow(next);
  else page.querySelector("[data-file]").focus();
}

// Deciding

function decide(row, decision) {
  const input = inputOf(row);
  const act = decision === "accept" && !input.value.trim() && input.dataset.read ? "reject" : decision;
  const body = new URLSearchParams(new FormData(row));
  body.set("decision", act);
  const before = row.dataset.standing;
  row.dataset.standing = act === "accept" ? "confirmed" : act;
  row.dataset.sent = input.value;
  row.classList.add("is-saving");
  remember(row, act);
  saving += 1;
  saved = saved
    .then(() => {
      // Each decision builds on the one before, and so does the revision that it names.
      body.set("revision", row.elements.revision.value);
      if (choseDossier) body.set("dossier", chosenDossier());
      return send(row.action, { method: "POST", body });
    })
    .then((response) => response.json())
    .then((answer) => showDecided(row, answer))
    .catch((error) => {
      if (error.status === 409) return reload();
      row.dataset.standing = before;
      delete row.dataset.sent;
      row.classList.remove("is-saving");
      toast(error.status ? error.message : document.body.dataset.offline, "danger");
      focusRow(row);
    })
    .finally(() => {
      saving -= 1;
    });
}

function remember(row, act) {
  const place = decided.indexOf(row.id);
  if (place >= 0) decided.splice(place, 1);
  if (act !== "reopen" && row.dataset.page !== "0") decided.push(row.id);
}

// Takes back the decision on this field, or else the last one: Enter has gone on to the next field by then.
function takeBack(row) {
  const here = row?.id;
  saved.then(() => {
    const current = here && document.getElementById(here);
    const isDecided = current?.querySelector("[value=reopen]");
    const target = isDecided ? current : document.getElementById(decided.at(-1));
    if (!target) return;
    focusRow(target);
    decide(target, "reopen");
  });
}

function reload() {
  leaving = true;
  window.location.reload(); // which says what happened
}

function showDecided(row, answer) {
  const holder = document.createElement("template");
  holder.innerHTML = answer.row; // made and escaped by our own template
  const fresh = holder.content.firstElementChild;
  const hadFocus = row.contains(document.activeElement);
  const typed = inputOf(row).value;
  if (answer.known && !list.contains(row)) {
    row.remove();
    list.append(fresh);
  } else row.replaceWith(fresh);
  if (hadFocus) {
    // Somebody who came back to the field keeps what was typed meanwhile.
    if (typed !== row.dataset.sent) inputOf(fresh).value = typed;
    inputOf(fresh).focus({ preventScroll: true });
  }
  drawCutOuts([fresh], viewer, list.clientWidth);
  viewer.setKind(fresh.dataset.finding, answer.standing);
  showChoices(answer);
}

function showChoices(answer) {
  const chosen = chosenDossier();
  const ticked = [...choices.querySelectorAll("[type=checkbox]:checked")].map((box) => box.name);
  choices.innerHTML = answer.choices;
  const again = [...fileForm.querySelectorAll("[name=dossier]")].find((radio) => radio.value === chosen);
  if (choseDossier && again) again.checked = true;
  for (const name of ticked) choices.querySelector(`[name="${name}"]`)?.setAttribute("checked", "");
  for (const input of document.querySelectorAll("input[name=revision]")) input.value = answer.revision;
  page.querySelector("[data-weak]").textContent = answer.weak;
  page.querySelector("[data-weak-note]").hidden = answer.weak === 0;
  page.querySelector("[data-done-note]").hidden = answer.weak !== 0;
  page.querySelector("[data-saved]").hidden = false;
  showPresent();
}

function acceptAndGoOn(row) {
  decide(row, "accept");
  goOn(row);
}

// What the chosen dossier says where it differs

function showPresent() {
  const chosen = chosenDossier();
  for (const note of page.querySelectorAll("[data-of-dossier]")) note.hidden = note.dataset.ofDossier !== chosen;
  for (const part of choices.querySelectorAll("[data-for-new]")) part.hidden = chosen !== "";
}

// Filing waits for what is still being saved.

function whenSaved(form, submitter) {
  saved.then(() => {
    leaving = true;
    form.requestSubmit(submitter);
  });
}

function mayFile() {
  const weak = rows().find((row) => row.dataset.standing === "weak");
  if (!weak || choices.querySelector("[name=accept_open]")?.checked) return true;
  focusRow(weak);
  return false;
}

function startForms() {
  page.addEventListener("submit", (event) => {
    const row = rowOf(event.target);
    if (!row) return;
    event.preventDefault();
    const decision = event.submitter?.value ?? "accept";
    decide(row, decision);
    if (decision === "accept" || decision === "reject") goOn(row);
  });
  document.addEventListener("submit", (event) => {
    if (rowOf(event.target)) return;
    if (event.target === fileForm && !mayFile()) event.preventDefault();
    else if (saving) {
      event.preventDefault();
      whenSaved(event.target, event.submitter);
    } else leaving = true;
  });
  page.addEventListener("change", (event) => {
    const row = rowOf(event.target);
    if (row && event.target.matches("[data-name]")) decide(row, "accept");
    // What was typed is kept without Enter, too.
    else if (row && event.target === inputOf(row)) {
      const { read } = event.target.dataset;
      if (event.target.value !== (row.dataset.sent ?? read)) decide(row, "accept");
    } else if (event.target.name === "dossier") {
      choseDossier = true;
      showPresent();
    } else if (event.target.id === "scan-type") event.target.form.requestSubmit();
  });
  page.addEventListener("click", (event) => {
    const button = event.target.closest("[data-suggestion-for]");
    if (!button) return;
    event.stopPropagation();
    useSuggestion(button);
  });
  page.addEventListener("focusin", (event) => {
    const row = rowOf(event.target);
    if (row) showOnScan(row);
  });
  window.addEventListener("beforeunload", (event) => {
    if (saving && !leaving) event.preventDefault();
  });
  document.querySelector("[data-closes]").addEventListener("click", (event) => event.target.closest("dialog").close());
}

function useSuggestion(button) {
  const input = document.getElementById(button.dataset.suggestionFor);
  input.value = button.value;
  acceptAndGoOn(rowOf(input));
}

// Keys

const ALT_KEYS = {
  KeyX: (row) => {
    decide(row, "reject");
    goOn(row);
  },
  KeyU: (row) => {
    const button = row.querySelector("[data-suggestion-for]");
    if (button) useSuggestion(button);
  },
  ArrowDown: (row) => goOn(row),
  ArrowUp: (row) => goOn(row, -1),
};

function startKeys() {
  document.addEventListener("keydown", (event) => {
    // While an input method composes, Enter and the letters are its own.
    if (event.isComposing || event.keyCode === 229 || document.querySelector("dialog[open]")) return;
    const row = rowOf(event.target);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (row && inputOf(row).value !== (row.dataset.sent ?? inputOf(row).dataset.read)) decide(row, "accept");
      fileForm.requestSubmit();
    } else if (event.key === "Enter" && event.target.matches("[data-find]")) event.preventDefault();
    else if (event.key === "Enter" && row && event.target === inputOf(row)) {
      event.preventDefault();
      acceptAndGoOn(row);
    } else if (event.altKey && !event.ctrlKey && !event.metaKey) {
      if (row && ALT_KEYS[event.code]) ALT_KEYS[event.code](row);
      else if (event.code === "KeyZ") takeBack(row);
      else if (event.code === "Slash") openDialog("shortcuts-dialog");
      else if (event.code === "KeyS") document.querySelector("[data-skip]").click();
      else if (event.code === "KeyD") openDialog("discard-dialog");
      else return;
      event.preventDefault();
    }
  });
}

startForms();
startKeys();
startLiveCheck();
showPresent();
drawCutOuts(rows(), viewer, list.clientWidth);
const first = rows().find((row) => row.dataset.standing === "weak") ?? rows()[0];
// On a phone the focus would bring up the keyboard over the scan.
if (first && window.matchMedia("(pointer: fine)").matches) focusRow(first);
else if (first) showOnScan(first);
