// @ts-check
/**
 * Undo and redo of what was done in this sitting, the newest first. What somebody else has changed
 * since is theirs: it is left as it is.
 *
 * @typedef {import("./row.js").Row} Row
 * @typedef {import("./steps.js").Change} Change
 * @typedef {import("./steps.js").Step} Step
 * @typedef {import("./steps.js").Way} Way
 */

import { element, showsAll } from "./cells.js";
import { announce } from "./status.js";
import { say } from "./texts.js";
import { codedKey, tidy } from "./values.js";

const buttons = {
  undo: /** @type {HTMLButtonElement} */ (element("undo")),
  redo: /** @type {HTMLButtonElement} */ (element("redo")),
};

export class Undoing {
  /**
   * @param {import("./steps.js").Steps} steps
   * @param {import("./cells.js").Rows} rows
   * @param {{changed: (row: Row) => void, show: (row: Row, key: string) => void, save: () => Promise<boolean>}} page
   *   `changed` draws and saves a row
   */
  constructor(steps, rows, page) {
    this.steps = steps;
    this.rows = rows;
    this.page = page;
    buttons.undo.addEventListener("click", () => this.go("undo"));
    buttons.redo.addEventListener("click", () => this.go("redo"));
    this.#draw();
  }

  /** @param {Step} step */
  record(step) {
    this.steps.record(step);
    this.#draw();
  }

  /** What was asked for on another page. */
  goOn() {
    const way = this.steps.asked;
    if (way) {
      this.go(way);
    }
  }

  /** @param {Way} way */
  go(way) {
    if (!this.steps.has(way)) {
      return;
    }
    const step = this.steps.next(way) ?? [];
    const away = step.find(({ number }) => !this.rows.has(number));
    if (away && !showsAll()) {
      this.#elsewhere(way, away);
      return;
    }
    const mine = step.filter((change) => this.#isMine(change, way));
    mine.forEach((change) => this.#put(change, way));
    this.steps.took(way, mine);
    if (mine.length) {
      this.page.show(this.rows.of(mine[0].number), differing(mine[0])[0]);
    }
    this.#draw();
    announce(say(mine.length < step.length ? "others_left" : way === "undo" ? "undone" : "redone"));
  }

  /** To the page with all candidates, to do it there. @param {Way} way @param {Change} change */
  async #elsewhere(way, change) {
    if (!(await this.page.save())) {
      return;
    }
    this.steps.ask(way);
    location.assign(`${location.pathname}?rows=all#${differing(change)[0]}-${change.number}`);
  }

  /** Whether the row still is as it was left. @param {Change} change @param {Way} way */
  #isMine(change, way) {
    const row = this.rows.has(change.number) ? this.rows.of(change.number) : null;
    if (!row || row.locked) {
      return false;
    }
    const left = tidy(way === "undo" ? change.after : change.before);
    const now = tidy(row.wanted);
    const isLeft = (/** @type {string} */ key) => now[key].toUpperCase() === left[key].toUpperCase();
    return differing(change).every((key) => isLeft(key) && !row.conflicts.has(key));
  }

  /** A code has dropped the marks beside it: these come back with the one it took the place of. @param {Change} change @param {Way} way */
  #put({ number, before, after }, way) {
    const row = this.rows.of(number);
    const isWhole = way === "undo" && codedKey(before) !== codedKey(after);
    const keys = isWhole ? row.keys : differing({ number, before, after });
    const texts = way === "undo" ? before : after;
    keys.filter((key) => row.wanted[key] !== texts[key]).forEach((key) => row.want(key, texts[key]));
    this.page.changed(row);
  }

  #draw() {
    buttons.undo.disabled = !this.steps.has("undo");
    buttons.redo.disabled = !this.steps.has("redo");
    element("undo-why").hidden = !(buttons.undo.disabled && buttons.redo.disabled);
  }
}

/** The cells that were changed. @param {Change} change */
const differing = ({ before, after }) => Object.keys(after).filter((key) => after[key] !== before[key]);
