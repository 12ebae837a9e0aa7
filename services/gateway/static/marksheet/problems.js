// @ts-check
/**
 * The cells that need somebody to look at them, and the way from one to the next: a button in the
 * bar, and F8 from any cell.
 *
 * @typedef {import("./cells.js").Cell} Cell
 */

import { asCell, cellOf, element, placeOf } from "./cells.js";

export class Problems {
  /** @param {HTMLFormElement} form @param {import("./cells.js").Rows} rows @param {(cell: Cell | null) => void} enter */
  constructor(form, rows, enter) {
    this.rows = rows;
    this.enter = enter;
    element("to-problem").addEventListener("click", () => this.show());
    form.addEventListener("keydown", (event) => {
      if (event.key === "F8") {
        event.preventDefault();
        this.show();
      }
    });
  }

  get any() {
    return this.rows.touched.some(({ problem }) => problem);
  }

  /** To the next one after the cell with the cursor, from the top again after the last. @returns {boolean} whether there is one */
  show() {
    const bad = new Map(this.rows.touched.filter(({ problem }) => problem).map((row) => [row.number, row]));
    const numbers = this.rows.numbers.filter((number) => bad.has(number));
    const cell = asCell(document.activeElement);
    const order = this.rows.numbers;
    const at = cell ? order.indexOf(placeOf(cell)[1]) : -1;
    const next = numbers.find((number) => order.indexOf(number) > at) ?? numbers[0];
    this.enter(next === undefined ? null : cellOf(bad.get(next)?.problem ?? "", next));
    return next !== undefined;
  }
}
