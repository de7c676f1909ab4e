// The upload page: every file in a request of its own, a few at a time. A file whose answer was lost is sent again: the
// same bytes get the same receipt, so nothing is doubled.
import { csrfToken, messageOf, send } from "./requests.js";
import { followStandings, putRow } from "./standing.js";

const AT_ONCE = 3;
const TRIES = 5;
const FIRST_PAUSE_MS = 1000;
const PASSING = new Set([0, 408, 429, 502, 503, 504]); // 0: no answer at all
const NO_SCANS = /^(\..*|thumbs\.db|desktop\.ini)$/i; // what systems leave in folders

const page = document.querySelector("[data-upload]");
const words = page.dataset;
const list = page.querySelector("[data-list]");
const rows = page.querySelector("[data-rows]");
const waiting = [];
const tally = { all: 0, done: 0, failed: 0 };
let running = 0;

function sizeOf(bytes) {
  const [unit, one] = bytes < 1e6 ? ["kilobyte", 1e3] : ["megabyte", 1e6];
  const format = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 1 };
  return new Intl.NumberFormat(document.documentElement.lang, format).format(bytes / one);
}

function say(job, text, failed = false) {
  job.row.querySelector("[data-state]").textContent = text;
  job.row.classList.toggle("upload-row-failed", failed);
  job.row.querySelector("[data-progress]").hidden = failed;
  job.row.querySelector("[data-again]").hidden = !failed;
}

function count() {
  page.querySelector("[data-count]").textContent = words.wordsCount
    .replace("{done}", tally.done)
    .replace("{all}", tally.all);
  const refused = page.querySelector("[data-refused]");
  refused.hidden = tally.failed === 0;
  refused.textContent = words.wordsRefused.replace("{failed}", tally.failed);
}

function add(file) {
  if (NO_SCANS.test(file.name)) return;
  const row = page.querySelector("template[data-row]").content.firstElementChild.cloneNode(true);
  const job = { file, row, tries: 0 };
  row.querySelector("[data-name]").textContent = file.name;
  row.querySelector("[data-size]").textContent = sizeOf(file.size);
  row.querySelector("[data-again]").addEventListener("click", () => {
    tally.failed -= 1;
    enqueue(job);
  });
  rows.append(row);
  list.hidden = false;
  tally.all += 1;
  enqueue(job);
}

function enqueue(job) {
  job.tries = 0;
  say(job, words.wordsWaiting);
  if (job.file.size > Number(words.mostBytes)) {
    fail(job, words.wordsTooLarge);
    noteTooLarge(job);
    return;
  }
  waiting.push(job);
  work();
}

function fail(job, text) {
  tally.failed += 1;
  say(job, text, true);
  count();
}

function work() {
  count();
  while (running < AT_ONCE && waiting.length) {
    running += 1;
    const job = waiting.shift();
    deliver(job).finally(() => {
      running -= 1;
      work();
    });
  }
}

async function deliver(job) {
  for (;;) {
    job.tries += 1;
    const { status, text } = await post(job);
    if (status === 200 || status === 201) return taken(job, JSON.parse(text));
    if (status === 401) return window.location.reload();
    if (status === 413) noteTooLarge(job);
    if (!PASSING.has(status)) {
      rememberAddress();
      return fail(job, messageOf(text) || words.wordsBroken);
    }
    if (job.tries >= TRIES) return fail(job, messageOf(text) || words.wordsBroken);
    say(job, navigator.onLine ? words.wordsAgain : words.wordsOffline);
    await pause(FIRST_PAUSE_MS * 2 ** (job.tries - 1));
  }
}

// The server has not seen the file: it is told, so that the list of the batch shows it after the page is left.
function noteTooLarge(job) {
  const form = page.querySelector("[data-upload-form]");
  const body = new URLSearchParams({ unit: form.elements.unit.value, name: job.file.name });
  send(words.refuse, { method: "POST", body }).then(rememberAddress, () => {});
}

// From now on the address bar leads back to this list.
function rememberAddress() {
  if (window.location.pathname !== words.address) window.history.replaceState(null, "", words.address);
}

// Waits, and where the network is gone until it is back.
async function pause(ms) {
  await new Promise((resolve) => setTimeout(resolve, ms));
  if (!navigator.onLine) {
    await new Promise((resolve) => window.addEventListener("online", resolve, { once: true }));
  }
}

function post(job) {
  const form = page.querySelector("[data-upload-form]");
  const body = new FormData();
  for (const name of ["unit", "type"]) body.append(name, form.elements[name].value);
  body.append("file", job.file, job.file.name);
  const request = new XMLHttpRequest();
  const bar = job.row.querySelector("[data-progress]");
  return new Promise((resolve) => {
    const end = () => resolve({ status: request.status, text: request.responseText });
    request.upload.addEventListener("progress", (event) => {
      bar.value = event.total ? event.loaded / event.total : 0;
      say(job, event.loaded < event.total ? words.wordsSending : words.wordsKept);
    });
    request.addEventListener("loadend", end);
    request.open("POST", words.send);
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("Accept", "application/json");
    request.send(body);
  });
}

function taken(job, answer) {
  tally.done += 1;
  count();
  // The answer to an earlier try was lost, or the file was dropped twice: there is a row for it already or is now.
  const known = document.getElementById(`scan-${answer.scan}`);
  if (known && answer.in_batch) job.row.remove();
  else if (answer.row) putRow(answer.row, { instead: job.row });
  else {
    job.row.querySelector("[data-receipt]").textContent = answer.receipt;
    job.row.querySelector("[data-progress]").hidden = true;
    job.row.querySelector("[data-state]").textContent = answer.message;
  }
  if (answer.in_batch) {
    page.querySelector("[data-batch-acts]")?.removeAttribute("hidden");
    rememberAddress();
  }
  followStandings();
}

// Files of dropped folders come one level after the other; browsers hand out a folder's entries in portions.
async function filesOf(entry) {
  if (entry.isFile) return [await new Promise((resolve, reject) => entry.file(resolve, reject))];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const portion = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!portion.length) return found;
    for (const each of portion) found.push(...(await filesOf(each)));
  }
}

function startDropping() {
  let depth = 0;
  const dragging = (on) => page.classList.toggle("is-dragging", on);
  const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragenter", (event) => {
    if (holdsFiles(event)) dragging((depth += 1) > 0);
  });
  document.addEventListener("dragleave", (event) => {
    if (holdsFiles(event)) dragging((depth = Math.max(0, depth - 1)) > 0);
  });
  document.addEventListener("dragover", (event) => {
    if (holdsFiles(event)) event.preventDefault();
  });
  document.addEventListener("drop", async (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    dragging((depth = 0) > 0);
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    if (!entries.length) [...event.dataTransfer.files].forEach(add);
    for (const entry of entries) (await filesOf(entry)).forEach(add);
  });
}

// The unit is mostly the one of the last time.
function rememberUnit() {
  const unit = page.querySelector("select[name=unit]");
  if (!unit) return;
  const last = window.localStorage.getItem("upload-unit");
  if ([...unit.options].some((option) => option.value === last)) unit.value = last;
  unit.addEventListener("change", () => window.localStorage.setItem("upload-unit", unit.value));
}

function take(input) {
  [...input.files].forEach(add);
  input.value = "";
}

function start() {
  if (!page.querySelector("[data-upload-form]")) return;
  const folder = page.querySelector(".drop-folder");
  folder.hidden = !("webkitdirectory" in document.createElement("input"));
  page.addEventListener("change", (event) => {
    if (event.target.matches("[data-files]")) take(event.target);
  });
  rememberUnit();
  startDropping();
  window.addEventListener("beforeunload", (event) => {
    if (running || waiting.length) event.preventDefault();
  });
  // Files may have been chosen before this script had come.
  page.querySelectorAll("[data-files]").forEach(take);
}

start();
