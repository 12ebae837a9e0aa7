// @ts-check
/**
 * What is typed in the row of a candidate, and the change of a mark it means.
 * `marksheet/fields.py` is the same for who has no script.
 *
 * @typedef {Record<string, string>} Texts the text of each cell, by its key: t0, t1 …, outcome,
 *   code, initials
 */

const CODES = /** @type {Texts} */ ({ A: "A", C: "CF", CF: "CF" });
const WHOLE = /^[0-9]{1,9}$/;

/** @param {string} key */
export const isTask = (key) => /^t[0-9]/.test(key);

/** The code that was typed, or nothing. @param {string} text */
export const codeOf = (text) => CODES[text.trim().toUpperCase()] ?? "";

/** @param {string} key @param {string} text */
export const isCode = (key, text) => (isTask(key) || key === "code") && codeOf(text) !== "";

/** @param {string} key @param {string} text */
export const saysAbsent = (key, text) => isCode(key, text) && codeOf(text) === "A";

/** @param {Texts} texts the key of the cell that holds a code, if any */
export const codedKey = (texts) => Object.keys(texts).find((key) => isCode(key, texts[key]));

/**
 * The row without what the newly typed replaces: a code stands for the whole candidate.
 * So a code drops the marks that were there, and a mark or an outcome drops the code.
 *
 * @param {Texts} texts
 * @param {Texts} was
 * @returns {Texts}
 */
export function settled(texts, was) {
  const value = Object.keys(texts).filter((key) => key !== "initials");
  const typed = value.filter((key) => texts[key] && texts[key] !== was[key]);
  const coded = new Set(typed.map((key) => isCode(key, texts[key])));
  if (coded.size !== 1) {
    return texts;
  }
  const isDropped = (/** @type {string} */ key) =>
    key !== "initials" && !typed.includes(key) && !coded.has(isCode(key, texts[key]));
  return mapped(texts, (key, text) => (isDropped(key) ? "" : text));
}

/**
 * The change that a settled row asks for, as the marks service takes it. What is no whole number
 * goes as the text it is: the service says what is wrong with it.
 *
 * @param {Texts} texts
 * @returns {Record<string, unknown>}
 */
export function changeOf(texts) {
  const change = "outcome" in texts ? outcomeChange(texts) : tasksChange(texts);
  return "initials" in texts ? { ...change, initials: texts.initials } : change;
}

/** @param {Texts} texts */
function outcomeChange({ outcome, code }) {
  return outcome || code ? { outcome: outcome || null, code: code || null } : { clear: true };
}

/** @param {Texts} texts */
function tasksChange(texts) {
  const tasks = Object.keys(texts).filter(isTask).map((key) => texts[key].trim());
  const given = tasks.filter(Boolean);
  const codes = new Set(given.map(codeOf));
  if (!given.length) {
    return { clear: true };
  }
  if (codes.size === 1 && !codes.has("")) {
    return { code: [...codes][0] };
  }
  return { tasks: tasks.map((text) => (WHOLE.test(text) ? Number(text) : text || null)) };
}

/**
 * A settled row as it is kept once it is saved.
 *
 * @param {Texts} texts
 * @returns {Texts}
 */
export const tidy = (texts) =>
  mapped(texts, (key, text) => {
    const mark = isTask(key) && WHOLE.test(text.trim()) ? String(Number(text)) : text.trim();
    return isCode(key, text) ? codeOf(text) : mark;
  });

/**
 * What the row of a candidate shows, of those `keys`; a code stands in the first cell.
 *
 * @param {Record<string, any>} candidate
 * @param {string[]} keys
 * @returns {Texts}
 */
export function textsOf(candidate, keys) {
  const { code, outcome, initials, tasks } = candidate;
  const all = { code, outcome, initials, ...named(tasks ?? []) };
  if (code) {
    all.t0 = code;
  }
  return Object.fromEntries(keys.map((key) => [key, String(all[key] ?? "")]));
}

/** @param {(number | null)[]} tasks @returns {Record<string, any>} */
const named = (tasks) => Object.fromEntries(tasks.map((mark, index) => [`t${index}`, mark]));

/**
 * The cell that a refusal speaks of, if it names one.
 *
 * @param {string} pointer
 * @param {Texts} texts
 */
export function keyAt(pointer, texts) {
  const [, first, index] = pointer.split("/");
  const key = first === "tasks" ? `t${index}` : first;
  return key in texts ? key : first === "code" ? codedKey(texts) : undefined;
}

/**
 * The total of the row: the code where there is one; nothing until every task has a good mark.
 *
 * @param {Texts} texts
 * @param {Map<string, number>} maxima by key
 */
export function totalOf(texts, maxima) {
  const coded = codedKey(texts);
  if (coded) {
    return codeOf(texts[coded]);
  }
  const keys = Object.keys(texts).filter(isTask);
  const good = keys.filter((key) => {
    const text = texts[key].trim();
    return WHOLE.test(text) && Number(text) <= (maxima.get(key) ?? Infinity);
  });
  const sum = good.reduce((total, key) => total + Number(texts[key]), 0);
  return good.length === keys.length ? String(sum) : "";
}

/** @param {Texts} texts @param {(key: string, text: string) => string} change @returns {Texts} */
function mapped(texts, change) {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, change(key, text)]));
}
