// @ts-check
/**
 * The steps of a sitting, kept in the tab until "Save and close" or the sign-out: what was done on
 * one page of a sheet can be undone from another. Each is kept for itself, for a pasted block is large.
 *
 * @typedef {import("./values.js").Texts} Texts
 * @typedef {{number: string, before: Texts, after: Texts}} Change of the row of that candidate
 * @typedef {Change[]} Step what was done at once
 * @typedef {"undo" | "redo"} Way
 */

const MOST = 500;

export class Steps {
  /** @param {string} user @param {string} sheet */
  constructor(user, sheet) {
    this.prefix = `step ${user} ${sheet} `;
    /** @type {Record<Way, number[]>} the steps that can be undone and done again, the next one last */
    this.order = read(`${this.prefix}order`) ?? { undo: [], redo: [] };
  }

  /** @param {Step} step */
  record(step) {
    const id = Math.max(0, ...this.order.undo, ...this.order.redo) + 1;
    this.order.redo.forEach((each) => this.#drop(each));
    this.order = { undo: [...this.order.undo, id], redo: [] };
    this.order.undo.splice(0, this.order.undo.length - MOST).forEach((each) => this.#drop(each));
    this.#keep(String(id), step);
    this.#keep("order", this.order);
  }

  /** Whether there is a step that way. @param {Way} way */
  has(way) {
    return this.order[way].length > 0;
  }

  /** The step that comes next. @param {Way} way @returns {Step | null} */
  next(way) {
    return read(this.prefix + this.order[way].at(-1));
  }

  /** It was taken, as far as these changes go. @param {Way} way @param {Step} taken */
  took(way, taken) {
    const id = /** @type {number} */ (this.order[way].pop());
    if (taken.length) {
      this.order[way === "undo" ? "redo" : "undo"].push(id);
      this.#keep(String(id), taken);
    } else {
      this.#drop(id);
    }
    this.#keep("order", this.order);
  }

  /** The way that was asked for on the page before this one, once. @returns {Way | null} */
  get asked() {
    const way = read(`${this.prefix}asked`);
    sessionStorage.removeItem(`${this.prefix}asked`);
    return way;
  }

  /** To be taken on the next page. @param {Way} way */
  ask(way) {
    this.#keep("asked", way);
  }

  /** The sitting is over. */
  forget() {
    Object.keys(sessionStorage)
      .filter((name) => name.startsWith(this.prefix))
      .forEach((name) => sessionStorage.removeItem(name));
  }

  /** @param {number} id */
  #drop(id) {
    sessionStorage.removeItem(this.prefix + id);
  }

  /** @param {string} name @param {unknown} value */
  #keep(name, value) {
    try {
      sessionStorage.setItem(this.prefix + name, JSON.stringify(value));
    } catch {
      // No room: this step cannot be undone, and is passed over.
    }
  }
}

/** @param {string} name @returns {any} */
function read(name) {
  return JSON.parse(sessionStorage.getItem(name) ?? "null");
}
