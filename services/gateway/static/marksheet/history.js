// @ts-check
/** The link to the history of the candidate with the cursor: one above the table, none in the way of Tab. */

import { asCell, element, placeOf } from "./cells.js";
import { say } from "./texts.js";

/** @param {HTMLFormElement} form */
export function linkHistory(form) {
  const link = /** @type {HTMLAnchorElement} */ (element("history"));
  const address = link.getAttribute("href") ?? "";
  form.addEventListener("focusin", ({ target }) => {
    const cell = asCell(target);
    if (cell) {
      const [, number] = placeOf(cell);
      link.href = address.replace("0000", number);
      link.textContent = say("history", { no: number });
      link.hidden = false;
    }
  });
}
