// @ts-check
/** Asks whether a candidate really is absent: one letter may be typed by accident. */

import { element } from "./cells.js";
import { say } from "./texts.js";

const dialog = /** @type {HTMLDialogElement} */ (element("absent"));
const question = element("absent-question");
const typed = element("absent-typed");
dialog.addEventListener("keydown", keepFromAnswering);

/** The answer to the question that is put just now. @type {Promise<boolean> | null} */
export let asked = null;

/**
 * @param {import("./row.js").Row} row
 * @param {boolean} later the cell is losing the focus just now: first let it go
 * @returns {Promise<boolean>}
 */
export function isAbsent(row, later) {
  typed.hidden = true;
  question.textContent = say("absent", { candidate_no: row.number, name: row.name });
  dialog.returnValue = "";
  asked = new Promise((resolve) => {
    const answer = () => {
      asked = null;
      resolve(dialog.returnValue === "yes");
    };
    dialog.addEventListener("close", answer, { once: true });
  });
  if (later) {
    setTimeout(() => dialog.showModal());
  } else {
    dialog.showModal();
  }
  return asked;
}

/** Whoever goes on typing has not seen the question: the Enter after that is no answer. @param {KeyboardEvent} event */
function keepFromAnswering({ key, ctrlKey, metaKey, altKey }) {
  if (key.length === 1 && key !== " " && !ctrlKey && !metaKey && !altKey) {
    typed.hidden = false;
    question.focus();
  }
}
