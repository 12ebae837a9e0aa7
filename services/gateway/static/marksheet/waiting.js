// @ts-check
/**
 * What was typed and is not stored waits in the browser: a closed window, a lost network or the end
 * of the session loses nothing. Kept for each user and sheet, by candidate number: no names.
 * Signing out clears it (the answer's `Clear-Site-Data`).
 *
 * @typedef {import("./row.js").Row} Row
 * @typedef {import("./values.js").Texts} Texts
 * @typedef {{was: Record<string, string | null>, typed: Texts}} Waiting the changed cells: what was
 *   stored there (null where a person has to decide), what was typed
 */

export class WaitingCells {
  /** @param {string} user @param {string} sheet */
  constructor(user, sheet) {
    this.prefix = `cells ${user} ${sheet} `;
    /** @type {Map<string, string>} by number: why what waits can be saved no more, a name of a text */
    this.lost = new Map();
  }

  /** Keep what of a row is not stored, or forget it: one small write. @param {Row} row */
  keep(row) {
    const name = this.prefix + row.number;
    const keys = row.keys.filter((key) => row.wanted[key] !== row.stored[key]);
    try {
      if (keys.length) {
        localStorage.setItem(name, JSON.stringify(waitingOf(row, keys)));
      } else {
        localStorage.removeItem(name);
      }
    } catch {
      // No room, or not allowed: the page itself still has it, and warns who leaves it.
    }
  }

  /** @param {string} number */
  forget(number) {
    localStorage.removeItem(this.prefix + number);
    this.lost.delete(number);
  }

  /** What was typed of a candidate, by the cells. @param {string} number @returns {Texts} */
  typed(number) {
    return read(this.prefix + number)?.typed ?? {};
  }

  /** The numbers of the candidates of whom something waits. */
  get numbers() {
    return Object.keys(localStorage)
      .filter((name) => name.startsWith(this.prefix))
      .map((name) => name.slice(this.prefix.length))
      .sort();
  }

  /**
   * Put what waits back in its row. Where somebody has stored something else since, a person decides.
   *
   * @param {Row} row
   */
  restore(row) {
    const was = read(this.prefix + row.number)?.was;
    for (const [key, text] of Object.entries(this.typed(row.number))) {
      if (key in row.stored && row.stored[key] !== text) {
        row.want(key, text);
        if (row.stored[key] !== was?.[key]) {
          row.conflicts.set(key, row.stored[key]);
        }
      }
    }
    this.keep(row);
  }
}

/** @param {string} name @returns {Waiting | null} */
function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name) ?? "null");
  } catch {
    return null;
  }
}

/** @param {Row} row @param {string[]} keys @returns {Waiting} */
const waitingOf = (row, keys) => ({
  was: Object.fromEntries(keys.map((key) => [key, row.conflicts.has(key) ? null : row.stored[key]])),
  typed: Object.fromEntries(keys.map((key) => [key, row.wanted[key]])),
});
