// A button with data-copies="id" copies the value of that input; data-copied says so.

export function startCopying() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copies]");
    if (!button) return;
    const input = document.getElementById(button.dataset.copies);
    input.select();
    // Without https the browser offers no clipboard: the text is then selected, ready for Ctrl+C.
    if (!navigator.clipboard) return;
    await navigator.clipboard.writeText(input.value);
    button.querySelector("span").textContent = button.dataset.copied;
  });
}
