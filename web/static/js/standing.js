// Rows of scans follow what becomes of them, without a reload: asked for every second or so while something moves.
import { send } from "./requests.js";

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 6000;
const BACK_OFF = 1.4;
const MOST_AT_ONCE = 500; // what the server answers at once

let timer = 0;
let wait = FIRST_WAIT_MS;

// Puts a row that the server has drawn in the place of an element, or into a table's body.
export function putRow(html, { instead = null, into = null }) {
  const holder = document.createElement("template");
  holder.innerHTML = html; // made and escaped by our own template
  const row = holder.content.firstElementChild;
  if (instead) instead.replaceWith(row);
  else into.append(row);
  window.htmx?.process(row);
  return row;
}

async function ask() {
  const rows = [...document.querySelectorAll("tr[data-moving]")].slice(0, MOST_AT_ONCE);
  if (!rows.length) {
    timer = 0;
    return;
  }
  const scans = Object.fromEntries(rows.map((row) => [row.dataset.scan, Number(row.dataset.revision)]));
  try {
    const response = await send("/scans/standing", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ scans }),
    });
    const changed = Object.entries((await response.json()).rows);
    for (const [id, html] of changed) putRow(html, { instead: document.getElementById(`scan-${id}`) });
    if (changed.length) document.dispatchEvent(new CustomEvent("standing:changed"));
    wait = changed.length ? FIRST_WAIT_MS : Math.min(wait * BACK_OFF, LONGEST_WAIT_MS);
  } catch {
    // No connection, or a busy server: the list is old for a while, nothing is lost.
    wait = LONGEST_WAIT_MS;
  }
  timer = setTimeout(ask, document.hidden ? LONGEST_WAIT_MS : wait);
}

// Begins to follow, or asks sooner where it does already.
export function followStandings() {
  clearTimeout(timer);
  wait = FIRST_WAIT_MS;
  timer = setTimeout(ask, wait);
}

followStandings();
document.addEventListener("htmx:afterSwap", followStandings);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && timer) followStandings();
});
