// The page of a dossier: reveals masked values for a moment, shows where a value comes from, moves the viewer there.
import { openDialog } from "./dialogs.js";
import { scrolling } from "./motion.js";
import { send, toast } from "./requests.js";
import { isTyping } from "./shortcuts.js";

const HOVER_MS = 250;

function startRevealing(address) {
  const dialog = document.getElementById("reveal-dialog");
  const form = document.getElementById("reveal-form");
  if (!dialog) return;
  let asking = null;
  const shown = new Map();

  function hide(button) {
    const { target, masked, timer } = shown.get(button);
    clearInterval(timer);
    shown.delete(button);
    target.textContent = masked;
    button.disabled = false;
    button.querySelector("span").textContent = button.dataset.words;
  }

  function show(button, text, seconds) {
    const target = document.getElementById(button.dataset.into);
    const masked = target.textContent;
    const label = button.querySelector("span");
    let left = seconds;
    const timer = setInterval(() => {
      left -= 1;
      label.textContent = `${left} s`;
      if (left <= 0) hide(button);
    }, 1000);
    button.dataset.words = label.textContent;
    button.disabled = true;
    label.textContent = `${left} s`;
    target.textContent = text;
    shown.set(button, { target, masked, timer });
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-closes]")) dialog.close("no");
    const button = event.target.closest("[data-reveals]");
    if (!button) return;
    asking = button;
    dialog.returnValue = "no";
    openDialog(dialog.id);
  });

  dialog.addEventListener("close", async () => {
    const button = asking;
    asking = null;
    button?.focus();
    if (dialog.returnValue !== "yes" || !button) return;
    const body = new URLSearchParams({ field: button.dataset.reveals, reason: new FormData(form).get("reason") });
    try {
      const answer = await (await send(address, { method: "POST", body })).json();
      show(button, answer.text, answer.seconds);
    } catch (error) {
      toast(error.message || document.body.dataset.offline, "danger");
    }
  });

  // Nobody should come back to a screen that still shows it; nor is it to be printed or kept by the browser.
  const hideAll = () => [...shown.keys()].forEach(hide);
  document.addEventListener("visibilitychange", () => document.hidden && hideAll());
  window.addEventListener("pagehide", hideAll);
  window.addEventListener("beforeprint", hideAll);
}

// The card with a value's origin opens on a click or a tap, and for a mouse that rests on it.
function startHovering() {
  for (const button of document.querySelectorAll("[data-hovers]")) {
    const dropdown = () => window.tabler.Dropdown.getOrCreateInstance(button);
    const whole = button.parentElement;
    let timer = 0;
    let opened = false;
    const after = (act) => (event) => {
      clearTimeout(timer);
      if (event.pointerType === "mouse") timer = setTimeout(act, HOVER_MS);
    };
    button.addEventListener(
      "pointerenter",
      after(() => {
        if (button.getAttribute("aria-expanded") === "true") return;
        opened = true;
        dropdown().show();
      }),
    );
    whole.addEventListener(
      "pointerleave",
      after(() => {
        if (!opened) return;
        opened = false;
        dropdown().hide();
      }),
    );
    whole.addEventListener("pointerenter", () => clearTimeout(timer));
    // A click on what the resting mouse has opened keeps it open: it must not reach the dropdown, which would close it.
    window.addEventListener(
      "click",
      (event) => {
        clearTimeout(timer);
        if (!opened || !button.contains(event.target)) return;
        opened = false;
        event.stopImmediatePropagation();
      },
      { capture: true },
    );
  }
}

// A link to a place on the scan that is open already moves the viewer instead of loading the page again.
function startPlaces() {
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-place]");
    const stage = document.querySelector("[data-viewer]");
    if (!link || !stage || stage.closest("[data-scan]")?.dataset.scan !== link.dataset.scan) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const box = link.dataset.box?.split(",").map(Number) ?? null;
    const { viewerOf } = await import("./viewer.js");
    viewerOf(stage).show(Number(link.dataset.page), box);
    stage.scrollIntoView({ block: "nearest", behavior: scrolling });
  });
}

const dossier = document.getElementById("dossier");
if (dossier) startRevealing(dossier.dataset.revealAddress);
startHovering();
startPlaces();

document.addEventListener("click", (event) => event.target.closest("[data-prints]") && window.print());
document.addEventListener("keydown", (event) => {
  if (event.key !== "e" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (!document.querySelector("dialog[open]")) document.querySelector("a[data-edit]")?.click();
});
