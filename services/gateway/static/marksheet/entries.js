// @ts-check
/** Candidates who were entered or withdrawn while the sheet is open: said, and shown when asked for. */

import { element } from "./cells.js";
import { announce, showEntries } from "./status.js";

export class Entries {
  /** @param {import("./cells.js").Rows} rows @param {(row: import("./row.js").Row) => void} drawn */
  constructor(rows, drawn) {
    this.rows = rows;
    this.drawn = drawn;
    this.candidates = Number(element("counts").dataset.candidates);
    /** @type {Set<string>} */
    this.added = new Set();
    /** @type {Set<string>} */
    this.withdrawn = new Set();
  }

  /** @param {import("./colleagues.js").News} news */
  hear({ paper, candidates, withdrawn }) {
    withdrawn.forEach((number) => this.#withdraw(number));
    candidates.forEach((one) => this.withdrawn.delete(one.candidate_no));
    const more = paper.candidates - this.candidates + this.withdrawn.size;
    const strangers = candidates.filter((one) => !one.version && !this.rows.has(one.candidate_no));
    if (more > 0) {
      strangers.forEach((one) => this.added.add(one.candidate_no));
    }
    // Of another page, there may be others whose entry has merely changed: then it is said how many.
    const added = this.added.size === more ? [...this.added].sort().join(", ") : String(Math.max(more, 0) || "");
    const before = element("entries-told").textContent;
    showEntries(added, [...this.withdrawn].sort().join(", "));
    const told = element("entries-told").textContent ?? "";
    if (told !== before && told) {
      announce(told);
    }
  }

  /** Nothing more can be typed there. @param {string} number */
  #withdraw(number) {
    if (this.added.delete(number)) {
      return;
    }
    this.withdrawn.add(number);
    if (this.rows.has(number)) {
      const row = this.rows.of(number);
      row.locked = true;
      row.keys.forEach((key) => row.restore(key));
      this.drawn(row);
    }
  }
}
