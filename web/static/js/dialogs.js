// Dialogs are <dialog> elements: the browser keeps the focus inside and closes them on Escape.

export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (dialog && !dialog.open) dialog.showModal();
}

export function startDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) openDialog(opener.dataset.opens);
    // A click on the backdrop counts as Escape; the dialog itself is covered by its form.
    if (event.target instanceof HTMLDialogElement) event.target.close("no");
  });
}
