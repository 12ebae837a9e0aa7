// @ts-check
/**
 * Where the cells are: `t0-1054` is the first task of candidate 1054.
 *
 * @typedef {HTMLInputElement | HTMLSelectElement} Cell
 */

import { Row } from "./row.js";

/** @param {string} id @returns {HTMLElement} */
export function element(id) {
  const found = document.getElementById(id);
  if (!found) {
    throw new Error(`The page has no ${id}.`);
  }
  return found;
}

/** @param {string} key @param {string} number @returns {Cell | null} */
export const cellOf = (key, number) => /** @type {Cell | null} */ (document.getElementById(`${key}-${number}`));

/** Whether the page shows every candidate of the sheet. */
export const showsAll = () => location.search === "?rows=all";

/** @param {Cell} cell @returns {[key: string, number: string]} */
export function placeOf(cell) {
  const [key, number] = cell.id.split("-");
  return [key, number];
}

/**
 * The cell that an event is about, if it is one: no other element of the form has its name as id.
 *
 * @param {EventTarget | null} target
 * @returns {Cell | null}
 */
export function asCell(target) {
  const isField = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
  return isField && target.id && target.id === target.name && target.closest("#marks")
    ? target
    : null;
}

/** @param {Cell} cell */
const canBeTypedIn = (cell) => !cell.disabled && !(cell instanceof HTMLInputElement && cell.readOnly);

/** @typedef {"down" | "up" | "left" | "right" | "first" | "last" | "top" | "bottom"} Direction */

/** The line below, of the next group after the last of one. @param {Element} line */
const lineAfter = (line) => line.nextElementSibling ?? line.parentElement?.nextElementSibling?.firstElementChild ?? null;

/** The line above; above the first stands the head, which has no cells. @param {Element} line */
const lineBefore = (line) =>
  line.previousElementSibling ?? line.parentElement?.previousElementSibling?.lastElementChild ?? null;

/** The rows of the table, each made when it is first needed, and the ways between cells. */
export class Rows {
  /** @param {HTMLTableElement} table */
  constructor(table) {
    this.table = table;
    this.keys = (table.dataset.keys ?? "").split(" ");
    this.maxima = new Map(this.keys.map((key) => [key, Number(element(`h-${key}`).dataset.max ?? Infinity)]));
    /** @type {Map<string, Row>} */
    this.made = new Map();
  }

  /** Whether the candidate is on this page, to be marked. @param {string} number */
  has(number) {
    return document.getElementById(`was-${number}`) !== null;
  }

  /** @param {string} number */
  of(number) {
    const row = this.made.get(number) ?? this.#make(number);
    this.made.set(number, row);
    return row;
  }

  /** @param {string} number */
  #make(number) {
    const line = element(`c${number}`);
    const kept = /** @type {HTMLInputElement | null} */ (line.querySelector("input[type=hidden]"));
    const { version, ...stored } = JSON.parse(kept?.value ?? '{"version": 0}');
    return new Row(number, element(`m${number}`).textContent ?? "", version, stored);
  }

  /** The candidates of the page, in its order. */
  get numbers() {
    return [...this.table.tBodies].flatMap(({ rows }) => [...rows]).map(({ id }) => id.slice(1));
  }

  /** The row's cells, by key. @param {Row} row @returns {[string, Cell][]} */
  cells(row) {
    return row.keys.flatMap((key) => {
      const cell = cellOf(key, row.number);
      return cell ? [/** @type {[string, Cell]} */ ([key, cell])] : [];
    });
  }

  /** Rows somebody has typed in. */
  get touched() {
    return [...this.made.values()];
  }

  /**
   * Where to go from a cell; past the end of a column is the beginning of the next one.
   *
   * @param {Cell} from
   * @param {Direction} direction
   * @returns {Cell | null}
   */
  next(from, direction) {
    const [key, number] = placeOf(from);
    const line = element(`c${number}`);
    switch (direction) {
      case "down":
        return this.#along(lineAfter(line), key, true) ?? this.#beside(key, 1);
      case "up":
        return this.#along(lineBefore(line), key, false) ?? this.#beside(key, -1);
      case "top":
        return this.#along(this.#end(true), key, true);
      case "bottom":
        return this.#along(this.#end(false), key, false);
      default:
        return this.#across(key, number, direction);
    }
  }

  /** @param {Element | null} line @param {string} key @param {boolean} down */
  #along(line, key, down) {
    let at = line;
    while (at) {
      const cell = cellOf(key, at.id.slice(1));
      if (cell && canBeTypedIn(cell)) {
        return cell;
      }
      at = down ? lineAfter(at) : lineBefore(at);
    }
    return null;
  }

  /** The next column from its top, or the one before from its bottom. @param {string} key @param {1 | -1} step */
  #beside(key, step) {
    const beside = this.keys[this.keys.indexOf(key) + step];
    return beside ? this.#along(this.#end(step > 0), beside, step > 0) : null;
  }

  /** The first line of the table, or its last. @param {boolean} isTop */
  #end(isTop) {
    const groups = this.table.tBodies;
    return isTop ? groups[0].firstElementChild : groups[groups.length - 1].lastElementChild;
  }

  /** @param {string} key @param {string} number @param {Direction} direction */
  #across(key, number, direction) {
    const at = this.keys.indexOf(key);
    const wanted = {
      left: this.keys.slice(0, at).reverse(),
      right: this.keys.slice(at + 1),
      first: this.keys,
      last: [...this.keys].reverse(),
    }[/** @type {"left" | "right" | "first" | "last"} */ (direction)];
    const cells = wanted.map((each) => cellOf(each, number));
    return cells.find((cell) => cell && canBeTypedIn(cell)) ?? null;
  }
}
