// @ts-check
/**
 * Typing in the cells: moving between them, leaving them, deciding about them.
 *
 * @typedef {import("./cells.js").Cell} Cell
 * @typedef {import("./row.js").Row} Row
 */

import { asked, isAbsent } from "./absent.js";
import { asCell, cellOf, element, placeOf } from "./cells.js";
import { INITIALS } from "./initials.js";
import { directionOf, wayInTime } from "./keys.js";
import { codedKey, codeOf, saysAbsent } from "./values.js";
import { asks, cellAbove, draw, drawTyping, leftWith } from "./view.js";

export class Typing {
  /**
   * @param {HTMLFormElement} form
   * @param {import("./cells.js").Rows} rows
   * @param {import("./saver.js").Saver} saver
   * @param {import("./initials.js").Initials} initials
   * @param {import("./undoing.js").Undoing} undoing
   */
  constructor(form, rows, saver, initials, undoing) {
    this.rows = rows;
    this.undoing = undoing;
    this.saver = saver;
    this.initials = initials;
    form.addEventListener("keydown", (event) => this.#onKey(event));
    form.addEventListener("input", ({ target }) => this.#onInput(asCell(target)));
    form.addEventListener("focusin", ({ target }) => this.#onEnter(asCell(target)));
    form.addEventListener("focusout", ({ target }) => this.leave(asCell(target), true));
    form.addEventListener("click", ({ target }) => this.#onDecision(target));
  }

  /** @param {Cell} cell @returns {[row: Row, key: string]} */
  #place(cell) {
    const [key, number] = placeOf(cell);
    return [this.rows.of(number), key];
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const cell = asCell(event.target);
    if (!cell) {
      return;
    }
    if (event.key === "Escape") {
      this.#restore(cell);
      return;
    }
    const way = wayInTime(event);
    if (way && !this.#isChanged(cell)) {
      event.preventDefault();
      this.undoing.go(way);
      return;
    }
    const direction = directionOf(event, cell);
    const next = direction && this.rows.next(cell, direction);
    const isForButtons = event.key === "Tab" && !event.shiftKey && asks(cell);
    if (!direction || isForButtons || (event.key === "Tab" && !next)) {
      return;
    }
    event.preventDefault();
    this.#go(cell, next);
  }

  /** Whether something is being typed there: undoing that is the browser's. @param {Cell} cell */
  #isChanged(cell) {
    const [row, key] = this.#place(cell);
    return cell.value.trim() !== row.wanted[key];
  }

  /** @param {Cell} from @param {Cell | null} to */
  async #go(from, to) {
    if (await this.leave(from)) {
      enter(to);
    }
  }

  /** Esc: back to what is stored; where that is there already, out of the table. @param {Cell} cell */
  #restore(cell) {
    const [row, key] = this.#place(cell);
    if (cell.value.trim() === row.stored[key] && row.wanted[key] === row.stored[key]) {
      element("close").focus();
      return;
    }
    row.restore(key);
    cell.value = row.stored[key];
    leftWith(cell);
    draw(this.rows, row);
    enter(cell);
    this.saver.add(row);
  }

  /** @param {Cell | null} cell */
  #onInput(cell) {
    if (cell) {
      drawTyping(this.rows, this.#place(cell)[0], cell);
    }
  }

  /** @param {Cell | null} cell */
  #onEnter(cell) {
    if (cell) {
      const [row, key] = this.#place(cell);
      if (key === INITIALS) {
        this.initials.offer(cell, row.wanted);
      }
    }
  }

  /**
   * Take what is in a cell, and save it if it is new. While it is asked whether somebody is absent,
   * that is answered first.
   *
   * @param {Cell | null} cell
   * @param {boolean} [isGone] whether it has lost the focus already
   * @returns {Promise<boolean>} whether one may go on: not when it was no absence after all
   */
  async leave(cell, isGone = false) {
    if (asked || !cell) {
      return asked ?? true;
    }
    const [row, key] = this.#place(cell);
    const text = leftWith(cell);
    if (text === row.wanted[key]) {
      draw(this.rows, row);
      return true;
    }
    if (isNewAbsence(row, key, text) && !(await isAbsent(row, isGone))) {
      cell.value = row.wanted[key];
      leftWith(cell);
      draw(this.rows, row);
      enter(cell);
      return false;
    }
    this.#take(row, key, text);
    return true;
  }

  /** @param {Row} row @param {string} key @param {string} text */
  #take(row, key, text) {
    const before = { ...row.wanted };
    row.want(key, text);
    this.undoing.record([{ number: row.number, before, after: { ...row.wanted } }]);
    if (key === INITIALS) {
      this.initials.remember(text);
    }
    draw(this.rows, row);
    this.saver.add(row);
  }

  /** Whose text is to stay, where two typed in the same cell. @param {EventTarget | null} target */
  #onDecision(target) {
    const button = target instanceof HTMLElement && target.closest("[data-choice]");
    const cell = button && cellAbove(button);
    if (!button || !cell) {
      return;
    }
    const [row, key] = this.#place(cell);
    if (button.getAttribute("data-choice") === "mine") {
      row.settle(key);
    } else {
      row.restore(key);
    }
    this.saver.add(row);
    draw(this.rows, row);
    enter(cell);
  }
}

/** @param {Cell | null} cell */
export function enter(cell) {
  cell?.focus();
  if (cell instanceof HTMLInputElement) {
    cell.select();
  }
}

/** @param {Row} row @param {string} key @param {string} text */
function isNewAbsence(row, key, text) {
  const coded = codedKey(row.stored);
  return saysAbsent(key, text) && !(coded && codeOf(row.stored[coded]) === "A");
}
