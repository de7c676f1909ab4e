// The form of a dossier: checks while one types, tags as chips, rows for further fields.
import "./guardedform.js";
import { startLiveCheck } from "./livecheck.js";
import { startTags } from "./tags.js";

const form = document.getElementById("dossier-form");

startLiveCheck();
form.querySelectorAll("input[data-tags]").forEach(startTags);

form.addEventListener("click", (event) => {
  if (!event.target.closest("[data-adds-row]")) return;
  const rows = form.querySelector("[data-free-rows]");
  const row = rows.querySelector("[data-free-row]:last-child").cloneNode(true);
  row.querySelectorAll("input").forEach((input) => (input.value = ""));
  rows.append(row);
  row.querySelector("input").focus();
});

// The first thing that is wrong is where one goes on; in a new form it is the first field.
(form.querySelector(".is-invalid") ?? form.querySelector("[data-kind]"))?.focus();
