// Cut-outs of values, drawn from the page's picture that the viewer loads anyway: one request for all fields of a page.

const HIGHEST_PX = 64;
const LARGEST_SCALE = 0.8;
const MARGIN_ACROSS = 0.25; // of the line's height, above and below it
const MARGIN_ALONG = 1; // before and behind it: there a box to tick may stand
const INSET_PX = 40; // the list's padding at both sides
const pictures = new Map();

function pictureOf(address) {
  if (!pictures.has(address)) {
    const image = new Image();
    image.src = address;
    pictures.set(
      address,
      image.decode().then(() => image),
    );
  }
  return pictures.get(address);
}

function draw(canvas, image, page, [x0, y0, x1, y1], widest) {
  const scale = image.naturalWidth / page.width;
  const sideways = page.rotation % 180 !== 0;
  const thick = Math.min(y1 - y0, x1 - x0);
  const [along, across] = [MARGIN_ALONG * thick, MARGIN_ACROSS * thick];
  const [marginX, marginY] = sideways ? [across, along] : [along, across];
  const left = Math.max(0, (x0 - marginX) * scale);
  const top = Math.max(0, (y0 - marginY) * scale);
  const width = Math.min(image.naturalWidth, (x1 + marginX) * scale) - left;
  const height = Math.min(image.naturalHeight, (y1 + marginY) * scale) - top;
  const [upWidth, upHeight] = sideways ? [height, width] : [width, height];
  const shrink = Math.min(widest / upWidth, HIGHEST_PX / upHeight, LARGEST_SCALE);
  const dots = shrink * (window.devicePixelRatio || 1);
  canvas.width = Math.max(1, Math.round(upWidth * dots));
  canvas.height = Math.max(1, Math.round(upHeight * dots));
  canvas.style.width = `${upWidth * shrink}px`;
  canvas.style.height = `${upHeight * shrink}px`;
  const pen = canvas.getContext("2d");
  pen.translate(canvas.width / 2, canvas.height / 2);
  pen.rotate((page.rotation * Math.PI) / 180);
  pen.scale(dots, dots);
  pen.drawImage(image, left, top, width, height, -width / 2, -height / 2, width, height);
}

// Draws the cut-out of each row that has one. listWidth: in CSS pixels.
export function drawCutOuts(rows, viewer, listWidth) {
  for (const row of rows) {
    const canvas = row.querySelector("[data-cut-out]");
    const page = viewer.page(Number(row.dataset.page));
    if (!canvas || !page?.width) continue;
    const box = row.dataset.box.split(",").map(Number);
    pictureOf(page.url).then(
      (image) => draw(canvas, image, page, box, listWidth - INSET_PX),
      () => canvas.remove(),
    );
  }
}
