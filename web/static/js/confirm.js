// Asks before a form with data-confirm is sent, and before an htmx request with hx-confirm.

// Resolves to true where the user agrees. Used by pages for what is no form.
export function ask({ title = "", text = "", yes = "", danger = false }) {
  const dialog = document.getElementById("confirm-dialog");
  const button = dialog.querySelector("#confirm-yes");
  dialog.querySelector("#confirm-title").textContent = title;
  dialog.querySelector("#confirm-text").textContent = text;
  button.dataset.words ??= button.textContent;
  button.textContent = yes || button.dataset.words;
  button.classList.toggle("btn-danger", danger);
  button.classList.toggle("btn-primary", !danger);
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

function wordsOf(element, text) {
  const data = element.dataset;
  return { title: data.confirmTitle, text, yes: data.confirmYes, danger: "confirmDanger" in data };
}

export function startConfirmations() {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.dataset.confirm || form.dataset.confirmed) return;
    event.preventDefault();
    const button = event.submitter;
    if (!(await ask(wordsOf(form, form.dataset.confirm)))) return;
    form.dataset.confirmed = "yes";
    form.requestSubmit(button);
    delete form.dataset.confirmed;
  });
  document.addEventListener("htmx:confirm", async (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    if (await ask(wordsOf(event.detail.elt, event.detail.question))) event.detail.issueRequest(true);
  });
}
