// "/" to the search, "?" for help, "g" and a letter to a page. Never while somebody types.
import { openDialog } from "./dialogs.js";

const WAIT_MS = 1200;

export function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}

export function startShortcuts() {
  let goingSince = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "/") {
      const search = document.getElementById("global-search");
      if (!search) return;
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === "?") {
      event.preventDefault();
      openDialog("shortcuts-dialog");
    } else if (event.key === "g") {
      goingSince = event.timeStamp;
    } else if (goingSince && event.timeStamp - goingSince < WAIT_MS) {
      goingSince = 0;
      document.querySelector(`[data-go="${CSS.escape(event.key)}"]`)?.click();
    }
  });
}
