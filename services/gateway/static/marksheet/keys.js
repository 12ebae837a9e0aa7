// @ts-check
/**
 * Which way a key goes from a cell.
 *
 * @typedef {import("./cells.js").Cell} Cell
 * @typedef {import("./cells.js").Direction} Direction
 */

/** @type {Record<string, Direction>} */
const ARROWS = { ArrowDown: "down", ArrowUp: "up", ArrowLeft: "left", ArrowRight: "right" };

/**
 * @param {KeyboardEvent} event
 * @param {Cell} cell
 * @returns {Direction | null} null: the key is the browser's
 */
export function directionOf(event, cell) {
  if (event.isComposing || event.altKey || event.metaKey) {
    return null;
  }
  if ((event.key === "Home" || event.key === "End") && cell instanceof HTMLInputElement) {
    return toTheEnd(event.key === "Home", event.ctrlKey);
  }
  if (event.ctrlKey) {
    return null;
  }
  if (event.key === "Tab" || event.key === "Enter") {
    return event.shiftKey ? "up" : "down";
  }
  return event.shiftKey ? null : arrow(event.key, cell);
}

/** Whether a key undoes or redoes. @param {KeyboardEvent} event @returns {"undo" | "redo" | null} */
export function wayInTime({ key, ctrlKey, metaKey, shiftKey, altKey }) {
  const letter = key.toLowerCase();
  if (altKey || !(ctrlKey || metaKey) || (letter !== "z" && letter !== "y")) {
    return null;
  }
  return letter === "z" && !shiftKey ? "undo" : "redo";
}

/** @param {boolean} isHome @param {boolean} far @returns {Direction} */
function toTheEnd(isHome, far) {
  if (far) {
    return isHome ? "top" : "bottom";
  }
  return isHome ? "first" : "last";
}

/** A list uses the arrows itself; in a text they move until its edge. @param {string} key @param {Cell} cell */
function arrow(key, cell) {
  const direction = ARROWS[key] ?? null;
  if (!(cell instanceof HTMLInputElement)) {
    return null;
  }
  const isAll = cell.selectionStart === 0 && cell.selectionEnd === cell.value.length;
  const edge = direction === "left" ? 0 : cell.value.length;
  const isAtEdge = isAll || (cell.selectionStart === edge && cell.selectionEnd === edge);
  return direction === "left" || direction === "right" ? (isAtEdge ? direction : null) : direction;
}
