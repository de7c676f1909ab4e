// Scanned pages in OpenSeadragon: upright, with outlined places. Boxes are in pixels of the page as received.

const MOST_ZOOM_PIXEL_RATIO = 3;
const SHOWN_AROUND = 1.6; // how much wider than a place the view is that shows it
const LEAST_SHOWN = 0.55; // of the page's width
const viewers = new WeakMap();

// OpenSeadragon would write a style sheet into the page, which the security policy forbids; it leaves one that is there
// alone, even one that is no HTML and so says nothing. What it would say stands in viewer.css.
function keepStylesOut() {
  const mark = "data-openseadragon-mobile-css";
  if (document.querySelector(`style[${mark}]`)) return;
  const style = document.createElementNS(null, "style");
  style.setAttribute(mark, "true");
  document.head.append(style);
}

export class Viewer {
  #pages;
  #places;
  #page;
  #turn = 0;
  #hit = -1;
  #current = null;
  #wanted = null;
  #isOpen = false;
  #element;
  #view;

  constructor(element) {
    const data = JSON.parse(element.dataset.viewer);
    this.#element = element;
    this.#pages = data.pages;
    this.#places = data.places;
    this.#view = OpenSeadragon({
      element: element.querySelector("[data-view-stage]"),
      drawer: "canvas",
      showNavigationControl: false,
      maxZoomPixelRatio: MOST_ZOOM_PIXEL_RATIO,
      minZoomImageRatio: 0.8,
      visibilityRatio: 0.5,
      animationTime: window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 0.5,
      gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
    });
    this.#view.addHandler("open", () => this.#opened());
    this.#view.addHandler("open-failed", () => this.#tell(true));
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-view]");
      if (button) this.#act(button.dataset.view);
    });
    const begin = Math.min(Math.max(data.page, 1), this.#pages.length);
    this.#wanted = data.box ?? this.#places.find((place) => place.kind === "hit" && place.page === begin)?.box ?? null;
    if (data.box) this.#current = { page: begin, box: data.box };
    this.#open(begin);
  }

  // The picture's address and attitude of a page, for whoever cuts parts out of it.
  page(number) {
    return this.#pages.find((page) => page.number === number);
  }

  // Turns to a page and, where a box is given, marks it and moves to it.
  show(number, box = null) {
    if (!this.page(number)) return;
    this.#current = box ? { page: number, box } : null;
    if (number !== this.#page || !this.#isOpen) this.#wanted = box;
    if (number !== this.#page) this.#open(number);
    if (!this.#isOpen) return;
    this.#drawPlaces();
    if (box) this.#moveTo(box);
  }

  // Changes how a named place looks.
  setKind(name, kind) {
    for (const place of this.#places) if (place.name === name) place.kind = kind;
    this.#drawPlaces();
  }

  #open(number) {
    this.#page = number;
    this.#turn = 0;
    this.#isOpen = false;
    const label = this.#element.querySelector("[data-view-page]");
    if (label) label.textContent = number;
    this.#tell(false);
    this.#view.open({ type: "image", url: this.page(number).url });
  }

  #opened() {
    this.#isOpen = true;
    this.#rotate(true);
    this.#drawPlaces();
    if (this.#wanted) this.#moveTo(this.#wanted, true);
    else this.#view.viewport.goHome(true);
    this.#wanted = null;
  }

  #rotate(immediately = false) {
    this.#view.viewport.setRotation((this.page(this.#page).rotation + this.#turn) % 360, immediately);
  }

  // OpenSeadragon counts in widths of the page.
  #rectOf([x0, y0, x1, y1]) {
    const width = this.page(this.#page).width || this.#view.world.getItemAt(0).getContentSize().x;
    return new OpenSeadragon.Rect(x0 / width, y0 / width, (x1 - x0) / width, (y1 - y0) / width);
  }

  #drawPlaces() {
    if (!this.#isOpen) return;
    this.#view.clearOverlays();
    for (const place of this.#places) {
      if (place.page === this.#page) this.#outline(place.box, place.kind);
    }
    if (this.#current?.page === this.#page) this.#outline(this.#current.box, "current");
  }

  #outline(box, kind) {
    const element = document.createElement("div");
    element.className = `viewer-place viewer-place-${kind}`;
    element.dataset.box = box.join(",");
    this.#view.addOverlay({ element, location: this.#rectOf(box) });
  }

  #moveTo(box, immediately = false) {
    const rect = this.#rectOf(box);
    const sideways = (this.page(this.#page).rotation + this.#turn) % 180 !== 0;
    const shown = Math.max((sideways ? rect.height : rect.width) * SHOWN_AROUND, LEAST_SHOWN);
    const zoom = Math.max(1 / shown, this.#view.viewport.getHomeZoom());
    this.#view.viewport.zoomTo(zoom, null, immediately);
    this.#view.viewport.panTo(rect.getCenter(), immediately);
    this.#view.viewport.applyConstraints(immediately);
  }

  #act(name) {
    const viewport = this.#view.viewport;
    if (name === "in" || name === "out") {
      viewport.zoomBy(name === "in" ? 1.4 : 1 / 1.4);
      viewport.applyConstraints();
    } else if (name === "fit") viewport.goHome();
    else if (name === "turn") {
      this.#turn = (this.#turn + 90) % 360;
      this.#rotate();
      viewport.goHome();
    } else if (name === "full") this.#fullScreen();
    else if (name === "next-hit") this.#nextHit();
    else this.show(this.#page + (name === "next" ? 1 : -1));
  }

  #fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.#element.requestFullscreen?.();
  }

  #nextHit() {
    const hits = this.#places.filter((place) => place.kind === "hit");
    this.#hit = (this.#hit + 1) % hits.length;
    this.show(hits[this.#hit].page, hits[this.#hit].box);
  }

  #tell(failed) {
    const message = this.#element.querySelector("[data-view-message]");
    message.hidden = !failed;
    message.textContent = failed ? message.dataset.viewMessage : "";
  }
}

// Returns the viewer that runs in the element.
export function viewerOf(element) {
  if (!viewers.has(element)) viewers.set(element, new Viewer(element));
  return viewers.get(element);
}

// A button elsewhere on the page moves the viewer to the place that it names.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-shows-page]");
  const element = button && document.querySelector("[data-viewer]");
  if (element) viewerOf(element).show(Number(button.dataset.showsPage), button.dataset.showsBox.split(",").map(Number));
});

keepStylesOut();
document.querySelectorAll("[data-viewer]").forEach(viewerOf);
// What comes later by htmx starts as well.
document.addEventListener("htmx:load", (event) => event.detail.elt.querySelectorAll?.("[data-viewer]").forEach(viewerOf));
