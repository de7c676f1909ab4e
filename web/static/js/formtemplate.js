// Zones of a form: drawn, moved and resized on its page with mouse, finger or keyboard. The list beside it is what is sent;
// this script keeps both in step.
import { scrolling } from "./motion.js";

const SVG = "http://www.w3.org/2000/svg";
const LEAST = 8;
const CORNERS = { nw: ["x0", "y0"], ne: ["x1", "y0"], se: ["x1", "y1"], sw: ["x0", "y1"] };

const sheet = document.querySelector("[data-sheet]");
const form = document.getElementById("template-form");
const list = document.querySelector("[data-zones]");
const { width, height } = sheet.viewBox.baseVal;
let chosen = "";
let drag = null;

const rectOf = (id) => sheet.querySelector(`.form-zone[data-zone="${CSS.escape(id)}"]`);
const rowOf = (id) => list.querySelector(`[data-zone="${CSS.escape(id)}"]`);
const edgeInput = (id, edge) => rowOf(id).querySelector(`[data-zone-edge="${edge}"]`);
const changed = () => form.dispatchEvent(new Event("input"));

function boxOf(id) {
  return Object.fromEntries(["x0", "y0", "x1", "y1"].map((edge) => [edge, Number(edgeInput(id, edge).value)]));
}

function draw(id, box) {
  const rect = rectOf(id);
  rect.setAttribute("x", Math.min(box.x0, box.x1));
  rect.setAttribute("y", Math.min(box.y0, box.y1));
  rect.setAttribute("width", Math.abs(box.x1 - box.x0));
  rect.setAttribute("height", Math.abs(box.y1 - box.y0));
  if (id === chosen) placeHandles(box);
}

function put(id, box) {
  const ordered = {
    x0: Math.max(0, Math.min(box.x0, box.x1)), y0: Math.max(0, Math.min(box.y0, box.y1)),
    x1: Math.min(width, Math.max(box.x0, box.x1)), y1: Math.min(height, Math.max(box.y0, box.y1)),
  };
  for (const [edge, value] of Object.entries(ordered)) edgeInput(id, edge).value = Math.round(value);
  draw(id, ordered);
  changed();
}

// Handles at the corners of the chosen zone: as large on the screen whatever the page's size.
const handles = Object.keys(CORNERS).map((corner) => {
  const handle = document.createElementNS(SVG, "circle");
  handle.classList.add("form-handle", `form-handle-${corner}`);
  handle.dataset.corner = corner;
  return handle;
});

function placeHandles(box) {
  const radius = (width / sheet.clientWidth) * (matchMedia("(pointer: coarse)").matches ? 12 : 6);
  for (const handle of handles) {
    const [across, down] = CORNERS[handle.dataset.corner];
    handle.setAttribute("cx", box[across]);
    handle.setAttribute("cy", box[down]);
    handle.setAttribute("r", radius);
    sheet.append(handle);
  }
}

function choose(id, { scroll = true } = {}) {
  chosen = id;
  for (const rect of sheet.querySelectorAll(".form-zone")) rect.classList.toggle("form-zone-chosen", rect.dataset.zone === id);
  for (const row of list.querySelectorAll(".zone-row")) row.classList.toggle("zone-row-chosen", row.dataset.zone === id);
  if (!id) return handles.forEach((handle) => handle.remove());
  placeHandles(boxOf(id));
  if (scroll) list.scrollTo({ top: rowOf(id).offsetTop - list.offsetTop - 40, behavior: scrolling });
}

function prepare(rect) {
  rect.setAttribute("tabindex", "0");
  rect.setAttribute("role", "button");
  rect.setAttribute("aria-label", rowOf(rect.dataset.zone).querySelector("[data-zone-label]").value);
}

function add(box) {
  const id = Array.from(crypto.getRandomValues(new Uint8Array(4)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const row = document.getElementById("new-zone").content.firstElementChild.cloneNode(true);
  row.dataset.zone = id;
  for (const each of row.querySelectorAll("[name], [id], [value]")) {
    for (const attribute of ["name", "id", "value"]) {
      const text = each.getAttribute(attribute);
      if (text?.includes("KEY")) each.setAttribute(attribute, text.replace("KEY", id));
    }
  }
  row.querySelector("[data-zone-label]").value = form.dataset.newZone;
  list.append(row);
  const rect = document.createElementNS(SVG, "rect");
  rect.classList.add("form-zone");
  rect.dataset.zone = id;
  sheet.append(rect);
  prepare(rect);
  put(id, box);
  count();
  return id;
}

function remove(id) {
  rectOf(id)?.remove();
  rowOf(id)?.remove();
  if (chosen === id) choose("");
  count();
  changed();
}

function count() {
  document.querySelector("[data-zone-count]").textContent = list.children.length;
}

function pointOf(event) {
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(sheet.getScreenCTM().inverse());
  return { x: Math.min(Math.max(point.x, 0), width), y: Math.min(Math.max(point.y, 0), height) };
}

sheet.addEventListener("pointerdown", (event) => {
  if (event.button !== 0 || !event.isPrimary) return;
  const at = pointOf(event);
  const { corner, zone } = event.target.dataset;
  if (corner) {
    drag = { act: "resize", id: chosen, at, box: boxOf(chosen), edges: CORNERS[corner] };
  } else if (zone) {
    choose(zone);
    rectOf(zone).focus({ preventScroll: true });
    drag = { act: "move", id: zone, at, box: boxOf(zone) };
  } else {
    drag = { act: "draw", at, id: "" };
  }
  sheet.setPointerCapture(event.pointerId);
  event.preventDefault();
});

sheet.addEventListener("pointermove", (event) => {
  if (!drag) return;
  const at = pointOf(event);
  const dx = at.x - drag.at.x;
  const dy = at.y - drag.at.y;
  if (drag.act === "move") {
    const { box } = drag;
    const x = Math.min(Math.max(dx, -box.x0), width - box.x1);
    const y = Math.min(Math.max(dy, -box.y0), height - box.y1);
    if (x || y) put(drag.id, { x0: box.x0 + x, y0: box.y0 + y, x1: box.x1 + x, y1: box.y1 + y });
  } else if (drag.act === "resize") {
    const box = { ...drag.box };
    box[drag.edges[0]] = at.x;
    box[drag.edges[1]] = at.y;
    put(drag.id, box);
  } else {
    const box = { x0: drag.at.x, y0: drag.at.y, x1: at.x, y1: at.y };
    if (drag.id) put(drag.id, box);
    else if (Math.abs(dx) > LEAST && Math.abs(dy) > LEAST) {
      drag.id = add(box);
      choose(drag.id, { scroll: false });
    }
  }
});

sheet.addEventListener("pointerup", () => {
  const drawn = drag?.act === "draw" ? drag.id : "";
  if (drag?.act === "draw" && !drawn) choose("");
  drag = null;
  if (!drawn) return;
  choose(drawn);
  const label = rowOf(drawn).querySelector("[data-zone-label]");
  label.focus({ preventScroll: matchMedia("(min-width: 992px)").matches });
  label.select();
});
sheet.addEventListener("pointercancel", () => (drag = null));

sheet.addEventListener("focusin", (event) => event.target.dataset.zone && choose(event.target.dataset.zone));
sheet.addEventListener("keydown", (event) => {
  const id = event.target.dataset.zone;
  if (!id) return;
  const step = event.ctrlKey ? 1 : 8;
  const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
  if (event.key in moves) {
    const [dx, dy] = moves[event.key];
    const box = boxOf(id);
    box.x1 = Math.max(box.x1 + dx, event.shiftKey ? box.x0 + LEAST : 0);
    box.y1 = Math.max(box.y1 + dy, event.shiftKey ? box.y0 + LEAST : 0);
    if (!event.shiftKey) {
      box.x0 += dx;
      box.y0 += dy;
    }
    if (box.x0 >= 0 && box.y0 >= 0 && box.x1 <= width && box.y1 <= height) put(id, box);
  } else if (event.key === "Delete" || event.key === "Backspace") {
    const next = rectOf(id).nextElementSibling;
    remove(id);
    if (next?.dataset.zone) next.focus();
  } else if (event.key === "Enter" || event.key === " ") {
    rowOf(id).querySelector("[data-zone-label]").focus();
  } else return;
  event.preventDefault();
});

list.addEventListener("focusin", (event) => {
  const row = event.target.closest(".zone-row");
  if (row && row.dataset.zone !== chosen) choose(row.dataset.zone, { scroll: false });
});
list.addEventListener("input", (event) => {
  const id = event.target.closest(".zone-row").dataset.zone;
  if (event.target.matches("[data-zone-edge]")) draw(id, boxOf(id));
  if (event.target.matches("[data-zone-label]")) rectOf(id).setAttribute("aria-label", event.target.value);
  if (event.target.matches("[data-zone-kind]")) {
    rowOf(id).querySelector("[data-zone-options]").hidden = !["choice", "tick"].includes(event.target.value);
  }
});
list.addEventListener("click", (event) => {
  const button = event.target.closest("[data-zone-remove]");
  if (!button) return;
  event.preventDefault();
  remove(button.closest(".zone-row").dataset.zone);
});
document.querySelector("[data-zone-add]").addEventListener("click", (event) => {
  event.preventDefault();
  const id = add({ x0: 0.1 * width, y0: 0.1 * height, x1: 0.4 * width, y1: 0.13 * height });
  choose(id);
  rowOf(id).querySelector("[data-zone-label]").focus();
});

for (const rect of sheet.querySelectorAll(".form-zone")) prepare(rect);
