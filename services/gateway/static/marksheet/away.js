// @ts-check
/** What waits in this browser for candidates whom the page does not show: it goes out all the same. */

import { get } from "./api.js";
import { element } from "./cells.js";
import { Row } from "./row.js";
import { say } from "./texts.js";
import { textsOf } from "./values.js";

/**
 * @typedef {import("./cells.js").Rows} Rows
 * @typedef {import("./waiting.js").WaitingCells} WaitingCells
 */

/** The candidates of whom something waits, and who are not on this page. @param {Rows} rows @param {WaitingCells} waiting */
const away = (rows, waiting) => waiting.numbers.filter((number) => !rows.has(number));

/**
 * Their rows as the service has them now, with what waits put back. Who is gone or submitted is
 * marked no more, and nobody is of a closed paper: that is told, and what was typed waits until a
 * person discards it. Where somebody else stored another value, a person decides, on their page.
 *
 * @param {string} address of the marksheet
 * @param {Rows} rows
 * @param {WaitingCells} waiting
 * @returns {Promise<Row[]>} those that can be saved
 */
export async function rowsAway(address, rows, waiting) {
  const numbers = away(rows, waiting);
  const answer = numbers.length ? await get(`${address}?rows=all`) : null;
  if (answer?.status !== 200) {
    return [];
  }
  /** @type {Map<string, Record<string, any>>} */
  const there = new Map(answer.body.candidates.map((/** @type {any} */ one) => [one.candidate_no, one]));
  return numbers.flatMap((number) => {
    const one = there.get(number);
    if (!one) {
      waiting.lost.set(number, "gone");
      return [];
    }
    const row = new Row(number, one.name, one.version, textsOf(one, rows.keys));
    waiting.restore(row);
    const why = one.locked ? "locked" : answer.body.paper.closed ? "closed" : "";
    if (why && row.unsaved) {
      waiting.lost.set(number, why);
    }
    return why ? [] : [row];
  });
}

/** Say of whom something waits still. @param {Rows} rows @param {WaitingCells} waiting */
export function pointOut(rows, waiting) {
  const numbers = away(rows, waiting).filter((number) => !waiting.lost.has(number));
  element("elsewhere-open").hidden = !numbers.length;
  element("elsewhere-lost").hidden = !waiting.lost.size;
  element("elsewhere").hidden = !numbers.length && !waiting.lost.size;
  element("elsewhere-numbers").textContent = numbers.join(", ");
}

/** Show what can be saved no more, each with its button. @param {Rows} rows @param {WaitingCells} waiting */
export function showLost(rows, waiting) {
  const lines = [...waiting.lost].map(([number, why]) => lineOf(rows, waiting, number, why));
  element("elsewhere-lines").replaceChildren(...lines);
  pointOut(rows, waiting);
  if (lines.length) {
    const told = [...element("elsewhere-lost").querySelectorAll("p, span")];
    element("elsewhere-said").textContent = told.map((one) => one.textContent).join(" ");
  }
}

/** @param {Rows} rows @param {WaitingCells} waiting @param {string} number @param {string} why */
function lineOf(rows, waiting, number, why) {
  const template = /** @type {HTMLTemplateElement} */ (element("elsewhere-line"));
  const line = /** @type {HTMLElement} */ (document.importNode(template.content, true).firstElementChild);
  const [what, discard] = line.children;
  const typed = Object.entries(waiting.typed(number)).map(([key, text]) => `${headOf(key)} ${text || say("empty")}`);
  what.textContent = `${number}: ${typed.join(", ")}. ${say(why)}`;
  discard.append(` ${number}`);
  discard.addEventListener("click", () => {
    const next = line.nextElementSibling ?? line.previousElementSibling;
    waiting.forget(number);
    line.remove();
    pointOut(rows, waiting);
    element("elsewhere-said").textContent = say("discarded", { candidate_no: number });
    (next?.querySelector("button") ?? element("sheet-table")).focus();
  });
  return line;
}

/** What stands over the cells. @param {string} key */
const headOf = (key) => document.getElementById(`h-${key}`)?.textContent ?? key;
