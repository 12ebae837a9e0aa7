// @ts-check
/** Ticks that add candidates to the sample: said until they are sent with the note, and not left behind unasked. */

import { element } from "./cells.js";

const form = element("additions");
let isSent = false;

/** @returns {HTMLInputElement[]} */
const ticked = () => [...document.querySelectorAll(/** @type {"input"} */ ("input[name=add]:checked"))];

function show() {
  element("ticked-numbers").textContent = ticked().map((box) => box.value).join(", ");
  element("ticked").hidden = !ticked().length;
}

document.addEventListener("change", show);
// By now the browser has put back what was ticked before.
addEventListener("pageshow", show);
// After everybody who may put it off.
addEventListener("submit", (event) => {
  isSent = event.target === form && !event.defaultPrevented;
});
addEventListener("beforeunload", (event) => {
  if (!isSent && ticked().length) {
    event.preventDefault();
  }
  isSent = false;
});
