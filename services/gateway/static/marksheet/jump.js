// @ts-check
/** Going to a candidate by number: "/" in a cell, then the four digits. */

import { asCell, cellOf, element, placeOf, showsAll } from "./cells.js";
import { announce } from "./status.js";
import { say } from "./texts.js";

const NUMBER = /^[0-9]{4}$/;

/**
 * @param {HTMLFormElement} form
 * @param {import("./cells.js").Rows} rows
 * @param {() => Promise<boolean>} save what was typed, before another page is opened
 */
export function jumpWith(form, rows, save) {
  const field = /** @type {HTMLInputElement} */ (element("jump"));
  const fold = /** @type {HTMLDetailsElement} */ (element("tools"));
  let column = rows.keys[0];
  form.addEventListener("keydown", (event) => {
    const cell = asCell(event.target);
    if (cell && event.key === "/" && !event.ctrlKey && !event.altKey) {
      event.preventDefault();
      column = placeOf(cell)[0];
      field.value = "";
      // On a narrow screen it may be folded away.
      fold.open = true;
      field.focus();
    }
  });
  field.addEventListener("input", () => NUMBER.test(field.value) && go(field, column, save));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && field.value) {
      event.preventDefault();
      field.value = field.value.trim().padStart(4, "0");
      go(field, column, save);
    }
  });
}

/** @param {HTMLInputElement} field @param {string} column @param {() => Promise<boolean>} save */
function go(field, column, save) {
  const number = field.value;
  const cell = cellOf(column, number);
  if (cell) {
    cell.focus();
    if (cell instanceof HTMLInputElement) {
      cell.select();
    }
    return;
  }
  if (showsAll() || document.getElementById(`c${number}`)) {
    announce(say("no_such", { candidate_no: number }));
    field.select();
    return;
  }
  save().then((mayGo) => mayGo && location.assign(`${location.pathname}?rows=all#${column}-${number}`));
}
