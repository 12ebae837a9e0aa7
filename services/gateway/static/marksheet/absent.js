// @ts-check
/** Asks whether a candidate really is absent: one letter may be typed by accident. */

import { element } from "./cells.js";
import { say } from "./texts.js";

const dialog = /** @type {HTMLDialogElement} */ (element("absent"));

/** Whether the question is open. */
export const isAsking = () => dialog.open;

/**
 * @param {import("./row.js").Row} row
 * @returns {Promise<boolean>}
 */
export async function isAbsent(row) {
  element("absent-question").textContent = say("absent", { candidate_no: row.number, name: row.name });
  dialog.returnValue = "";
  // A dialog cannot take the focus while a cell is about to lose it.
  await new Promise((resolve) => setTimeout(resolve));
  const closed = new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  dialog.showModal();
  await closed;
  return dialog.returnValue === "yes";
}
