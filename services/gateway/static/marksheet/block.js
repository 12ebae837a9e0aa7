// @ts-check
/**
 * A block of a spreadsheet, and the cells it is meant for: pure of the page but for its rows.
 *
 * @typedef {import("./cells.js").Cell} Cell
 * @typedef {import("./cells.js").Rows} Rows
 * @typedef {{number: string, key: string, was: string, text: string, why: string}} Target
 *   `why` says what is wrong with it, or nothing
 * @typedef {{targets: Target[], wrong: string[]}} Plan `wrong` is what has no cell at all
 */

import { cellOf, placeOf } from "./cells.js";
import { say } from "./texts.js";
import { codeOf, isCode, isTask } from "./values.js";

const NUMBER = /^[0-9]{4}$/;
const WHOLE = /^[0-9]{1,9}$/;

/** The cells of a block, line by line; a single value is none. @param {string} text @returns {string[][] | null} */
export function blockOf(text) {
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n");
  const cells = lines.map((line) => line.split("\t").map((value) => value.trim()));
  return cells.length > 1 || cells[0].length > 1 ? cells : null;
}

/**
 * From this cell downwards and to the right; where the first column holds candidate numbers, to
 * those candidates, in whatever order they stand.
 *
 * @param {Rows} rows
 * @param {Cell} from
 * @param {string[][]} block
 * @returns {Plan}
 */
export function planOf(rows, from, block) {
  const [key, number] = placeOf(from);
  const keys = rows.keys.slice(rows.keys.indexOf(key));
  const numbers = rows.numbers;
  const byNumber = isNumbered(block, numbers);
  const start = numbers.indexOf(number);
  /** @type {Plan} */
  const plan = { targets: [], wrong: [] };
  block.forEach((line, index) => {
    const to = byNumber ? line[0] : numbers[start + index];
    const values = byNumber ? line.slice(1) : line;
    if (!values.some(Boolean)) {
      return;
    }
    if (to === undefined || !numbers.includes(to)) {
      plan.wrong.push(say("paste_no_row", { line: index + 1, values: line.join(" ") }));
      return;
    }
    if (values.slice(keys.length).some(Boolean)) {
      plan.wrong.push(say("paste_too_wide", { line: index + 1 }));
    }
    values.slice(0, keys.length).forEach((text, at) => text && plan.targets.push(targetOf(rows, to, keys[at], text)));
  });
  plan.targets = plan.targets.filter(({ was, text, why }) => why || was !== text);
  return plan;
}

/** @param {string[][]} block @param {string[]} numbers */
function isNumbered(block, numbers) {
  const first = block.map(([value]) => value);
  const isLike = block.every((line) => line.length > 1) && first.every((value) => NUMBER.test(value));
  return isLike && new Set(first).size === first.length && first.some((value) => numbers.includes(value));
}

/** @param {Rows} rows @param {string} number @param {string} key @param {string} text @returns {Target} */
function targetOf(rows, number, key, text) {
  const cell = cellOf(key, number);
  if (!cell || rows.of(number).locked) {
    return { number, key, was: "", text, why: say("locked") };
  }
  const was = rows.of(number).wanted[key];
  if (cell instanceof HTMLSelectElement) {
    const same = [...cell.options].find(({ value }) => value.toLowerCase() === text.toLowerCase());
    return { number, key, was, text: same?.value ?? text, why: same ? "" : say("paste_choice") };
  }
  const max = rows.maxima.get(key) ?? Infinity;
  const isGood = !isTask(key) || isCode(key, text) || (WHOLE.test(text) && Number(text) <= max);
  const meant = isCode(key, text) ? codeOf(text) : text;
  return { number, key, was, text: meant, why: isGood ? "" : say("paste_mark", { max }) };
}
