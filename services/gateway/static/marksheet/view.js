// @ts-check
/**
 * Draws a row: the state of each cell (its text and its tick say it too, not colour alone), what
 * is wrong under it, and the total.
 *
 * @typedef {import("./cells.js").Cell} Cell
 * @typedef {import("./cells.js").Rows} Rows
 * @typedef {import("./row.js").Row} Row
 */

import { cellOf, element } from "./cells.js";
import { say } from "./texts.js";
import { codedKey, isTask, totalOf } from "./values.js";

/** What each cell showed when it was drawn or left: what differs is being typed. @type {WeakMap<Cell, string>} */
const shown = new WeakMap();

/** What a cell holds, remembered as seen. @param {Cell} cell */
export function leftWith(cell) {
  const text = cell.value.trim();
  shown.set(cell, text);
  return text;
}

/** @param {Rows} rows @param {Row} row */
export function draw(rows, row) {
  const coded = codedKey(row.stored);
  for (const [key, cell] of rows.cells(row)) {
    fill(cell, row.wanted[key]);
    if (cell instanceof HTMLInputElement) {
      const isOther = isTask(key) && coded !== undefined && coded !== key && !row.wanted[key];
      cell.readOnly = row.locked || isOther;
    } else {
      close(cell, row.locked && row.wanted[key] === row.stored[key]);
    }
    holder(cell).dataset.state = stateOf(row, key);
    explain(cell, row, key);
  }
  drawTotal(rows, row);
  element("locked-why").hidden = !rows.touched.some(({ locked }) => locked);
}

/**
 * A list cannot be read-only: one in which something was refused is left open, to take that back.
 *
 * @param {HTMLSelectElement} list
 * @param {boolean} isClosed
 */
function close(list, isClosed) {
  if (list.disabled !== isClosed) {
    list.disabled = isClosed;
    isClosed ? list.setAttribute("aria-describedby", "locked-why") : list.removeAttribute("aria-describedby");
  }
}

/** Unless somebody is typing in it. @param {Cell} cell @param {string} text */
function fill(cell, text) {
  const before = shown.get(cell);
  if (before === undefined || cell.value.trim() === before) {
    if (cell.value !== text) {
      cell.value = text;
    }
    shown.set(cell, text);
  }
}

/** @param {Row} row @param {string} key */
function stateOf(row, key) {
  if (row.refused.has(key)) {
    return "refused";
  }
  if (row.conflicts.has(key)) {
    return "conflict";
  }
  if (row.wanted[key] !== row.stored[key]) {
    return row.sent ? "saving" : "typed";
  }
  return row.stored[key] ? "saved" : "";
}

/** Somebody is typing. @param {Rows} rows @param {Row} row @param {Cell} cell */
export function drawTyping(rows, row, cell) {
  const state = holder(cell).dataset;
  if (state.state !== "typed") {
    state.state = "typed";
  }
  drawTotal(rows, row);
}

/** @param {Rows} rows @param {Row} row */
function drawTotal(rows, row) {
  const total = document.getElementById(`total-${row.number}`);
  if (total) {
    const texts = Object.fromEntries(
      rows.cells(row).map(([key, cell]) => [key, row.refused.has(key) ? "" : cell.value]),
    );
    const text = totalOf(texts, rows.maxima);
    if (total.textContent !== text) {
      total.textContent = text;
    }
  }
}

/** Say under the cell what is wrong with it, or nothing. @param {Cell} cell @param {Row} row @param {string} key */
function explain(cell, row, key) {
  const text = problemOf(row, key);
  const old = document.getElementById(`e-${cell.id}`);
  if (text === (old?.dataset.text ?? "")) {
    return; // a button in it may be about to be pressed
  }
  holder(cell).querySelectorAll(".message, .sure").forEach((each) => each.remove());
  cell.removeAttribute("aria-invalid");
  cell.removeAttribute("aria-describedby");
  if (text) {
    const message = messageOf(cell, text);
    if (row.conflicts.has(key)) {
      message.append(decision("mine", "keep_mine"), decision("theirs", "take_theirs"));
    }
    holder(cell).append(message);
    cell.setAttribute("aria-invalid", "true");
    cell.setAttribute("aria-describedby", message.id);
  }
}

/**
 * What is wrong with a cell, in one or two sentences, or nothing.
 *
 * @param {Row} row
 * @param {string} key
 */
export function problemOf(row, key) {
  const why = row.refused.get(key);
  const theirs = row.conflicts.get(key);
  if (theirs !== undefined) {
    return say("conflict", { theirs: theirs || say("empty"), yours: row.wanted[key] || say("empty") });
  }
  if (why === undefined) {
    return "";
  }
  const text = row.stored[key];
  return `${why} ${text ? say("stored", { text }) : say("nothing_stored")}`;
}

/** @param {Cell} cell @param {string} text */
function messageOf(cell, text) {
  const message = document.createElement("span");
  message.className = "message";
  message.id = `e-${cell.id}`;
  message.dataset.text = text;
  message.textContent = text;
  return message;
}

/** @param {string} choice @param {string} label */
function decision(choice, label) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm btn-outline-primary";
  button.dataset.choice = choice;
  button.textContent = say(label);
  return button;
}

/** Whether a decision is to be made under this cell. @param {Cell} cell */
export const asks = (cell) => holder(cell).dataset.state === "conflict";

/** @param {Cell} cell @returns {HTMLElement} */
const holder = (cell) => /** @type {HTMLElement} */ (cell.parentElement);

/** The cell a button under it belongs to. @param {Element} button @returns {Cell | null} */
export function cellAbove(button) {
  const field = button.closest("td")?.querySelector("input, select");
  const [key, number] = (field?.id ?? "").split("-");
  return key && number ? cellOf(key, number) : null;
}
