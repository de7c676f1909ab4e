// Turns an input of words separated by commas into chips. The input stays, hidden, and keeps holding what is sent.
const SEPARATORS = /[,，、;；\n]/;

export function startTags(input) {
  const box = document.createElement("div");
  const entry = document.createElement("input");
  let tags = input.value.split(SEPARATORS).map((tag) => tag.trim()).filter(Boolean);

  box.className = "form-control tag-box";
  entry.id = input.id;
  input.id += "-sent";
  entry.autocomplete = "off";
  entry.setAttribute("list", input.getAttribute("list"));
  entry.setAttribute("aria-describedby", input.getAttribute("aria-describedby") ?? "");
  input.type = "hidden";
  input.after(box);

  function draw() {
    box.replaceChildren(...tags.map(chipOf), entry);
    input.value = tags.join(", ");
  }

  function chipOf(tag) {
    const chip = document.createElement("span");
    const remove = document.createElement("button");
    chip.className = "badge bg-blue-lt d-inline-flex align-items-center gap-1";
    chip.textContent = tag;
    remove.type = "button";
    remove.textContent = "×";
    remove.setAttribute("aria-label", input.dataset.tags.replace("…", tag));
    remove.addEventListener("click", () => {
      tags = tags.filter((other) => other !== tag);
      change();
      entry.focus();
    });
    chip.append(remove);
    return chip;
  }

  function change() {
    draw();
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function take() {
    const added = entry.value.split(SEPARATORS).map((tag) => tag.trim()).filter(Boolean);
    entry.value = "";
    if (!added.length) return;
    tags = [...new Set([...tags, ...added])];
    change();
    entry.focus();
  }

  entry.addEventListener("input", (event) => event.isComposing || (SEPARATORS.test(entry.value) && take()));
  entry.addEventListener("compositionend", () => SEPARATORS.test(entry.value) && take());
  entry.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter" && entry.value.trim()) {
      event.preventDefault();
      take();
    } else if (event.key === "Backspace" && !entry.value && tags.length) {
      tags = tags.slice(0, -1);
      change();
      entry.focus();
    }
  });
  // What stands there unfinished counts, whichever way the form is sent.
  entry.addEventListener("blur", () => {
    if (entry.value.trim()) take();
  });
  input.form.addEventListener("submit", take);
  box.addEventListener("click", (event) => event.target === box && entry.focus());
  draw();
}
