// @ts-check
/** The button of a report prints it; without script the browser's own menu does. */

const button = document.querySelector("[data-print]");

if (button instanceof HTMLButtonElement) {
  button.addEventListener("click", () => window.print());
  button.hidden = false;
}
