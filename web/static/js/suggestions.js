// The list below the search box: what the text may become, and for an empty box what was asked lately.
// The box is a combobox: it keeps the focus, and names the chosen line by aria-activedescendant.
const WAIT_MS = 80;

export function startSuggestions() {
  const box = document.getElementById("global-search");
  const list = document.getElementById("suggestions");
  if (box && list) new Suggestions(box, list);
}

class Suggestions {
  constructor(box, list) {
    this.box = box;
    this.list = list;
    // On the search page the lines stand in one row above the results and stay there.
    this.inLine = list.classList.contains("suggestions-line");
    this.lines = [];
    this.active = -1;
    this.asked = 0;
    this.timer = 0;
    box.addEventListener("input", (event) => event.isComposing || this.typed());
    box.addEventListener("compositionend", () => this.typed());
    box.addEventListener("keydown", (event) => this.key(event));
    box.addEventListener("focus", () => this.inLine || this.isOpen || this.ask());
    box.addEventListener("blur", () => this.inLine || this.close());
    box.form?.addEventListener("submit", () => this.close());
    // The focus stays in the box while a line is clicked.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => this.clicked(event));
  }

  get isOpen() {
    return this.lines.length > 0;
  }

  typed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), WAIT_MS);
  }

  async ask() {
    clearTimeout(this.timer);
    const text = this.box.value.trim();
    const number = ++this.asked;
    if (!text && this.inLine) return this.close();
    this.request?.abort();
    this.request = new AbortController();
    try {
      const address = `${this.box.dataset.suggestions}?${new URLSearchParams({ q: text })}`;
      const headers = { Accept: "application/json" };
      const answer = await fetch(address, { headers, credentials: "same-origin", signal: this.request.signal });
      const told = answer.ok ? await answer.json() : { lines: [] };
      // An answer that comes late belongs to a text that is there no longer.
      if (number === this.asked && (this.inLine || document.activeElement === this.box)) this.show(told.lines);
    } catch (error) {
      if (error.name !== "AbortError") this.close();
    }
  }

  show(lines) {
    this.lines = lines;
    this.list.replaceChildren(...lines.map(drawn));
    this.list.hidden = !this.inLine && !lines.length;
    this.box.setAttribute("aria-expanded", String(lines.length > 0));
    this.mark(-1);
  }

  close() {
    clearTimeout(this.timer);
    this.asked += 1;
    this.show([]);
  }

  mark(place) {
    this.active = place;
    [...this.list.children].forEach((each, at) => each.setAttribute("aria-selected", String(at === place)));
    const chosen = this.list.children[place];
    if (chosen) {
      this.box.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest", inline: "nearest" });
    } else {
      this.box.removeAttribute("aria-activedescendant");
    }
  }

  key(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const last = this.lines.length - 1;
    if (event.key === "Enter" && this.active >= 0) {
      this.choose(this.active);
    } else if (event.key === "Enter") {
      this.close();
      return;
    } else if (event.key === "Escape" && this.isOpen) {
      this.close();
    } else if (event.key === "ArrowDown" && this.isOpen && (this.active < last || !this.inLine)) {
      this.mark(this.active < last ? this.active + 1 : -1);
    } else if (event.key === "ArrowDown" && !this.isOpen && !this.inLine) {
      this.ask();
    } else if (event.key === "ArrowUp" && this.isOpen) {
      this.mark(this.active < 0 ? last : this.active - 1);
    } else {
      // Past the last line of the row the key goes on into the results.
      if (event.key === "ArrowDown") this.mark(-1);
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  clicked(event) {
    const line = event.target.closest("[role=option]");
    if (line) this.choose([...this.list.children].indexOf(line));
  }

  choose(place) {
    const line = this.lines[place];
    if (this.inLine && line.search !== undefined) {
      // With the filters that are chosen on the page.
      this.box.value = line.search;
      this.close();
      this.box.form.requestSubmit();
    } else {
      window.location.assign(line.address);
    }
  }
}

function drawn(line, place) {
  const option = document.createElement("li");
  option.id = `suggestion-${place}`;
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  option.className = "suggestion";
  const text = document.createElement("span");
  text.className = "suggestion-text";
  text.append(...marked([...line.text], line.spans));
  const kind = document.createElement("span");
  kind.className = "suggestion-kind";
  kind.textContent = line.words;
  option.append(text, " ", kind);
  return option;
}

// Spans count characters as Python does: a rare Han character is one, not two.
function marked(characters, spans) {
  const parts = [];
  let position = 0;
  for (const [start, end] of spans) {
    const mark = document.createElement("mark");
    mark.textContent = characters.slice(start, end).join("");
    parts.push(characters.slice(position, start).join(""), mark);
    position = end;
  }
  parts.push(characters.slice(position).join(""));
  return parts;
}
