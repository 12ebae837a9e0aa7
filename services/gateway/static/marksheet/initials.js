// @ts-check
/**
 * The initials typed last are offered for the next candidates, until "Save and close".
 *
 * @typedef {import("./cells.js").Cell} Cell
 */

import { codedKey } from "./values.js";

export const INITIALS = "initials";

export class Initials {
  /** @param {string} user @param {string} sheet names the marksheet: its initials are its own */
  constructor(user, sheet) {
    this.name = `initials ${user} ${sheet}`;
  }

  /** @param {string} text */
  remember(text) {
    if (text) {
      sessionStorage.setItem(this.name, text);
    }
  }

  forget() {
    sessionStorage.removeItem(this.name);
  }

  /**
   * In an empty cell, once the candidate has a mark: a code needs no initials.
   *
   * @param {Cell} cell
   * @param {import("./values.js").Texts} texts of the row
   */
  offer(cell, texts) {
    const isMarked = Object.entries(texts).some(([key, text]) => key !== INITIALS && text);
    if (cell instanceof HTMLInputElement && !cell.value && isMarked && !codedKey(texts)) {
      cell.value = sessionStorage.getItem(this.name) ?? "";
      cell.select();
    }
  }
}
