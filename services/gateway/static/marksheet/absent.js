// @ts-check
/** Asks whether a candidate really is absent: one letter may be typed by accident. */

import { element } from "./cells.js";
import { say } from "./texts.js";

const dialog = /** @type {HTMLDialogElement} */ (element("absent"));

let asking = false;

/** Whether the question is put just now. */
export const isAsking = () => asking;

/**
 * @param {import("./row.js").Row} row
 * @param {boolean} later the cell is losing the focus just now: first let it go
 * @returns {Promise<boolean>}
 */
export async function isAbsent(row, later) {
  asking = true;
  if (later) {
    await new Promise((resolve) => setTimeout(resolve));
  }
  element("absent-question").textContent = say("absent", { candidate_no: row.number, name: row.name });
  dialog.returnValue = "";
  const closed = new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  dialog.showModal();
  await closed;
  asking = false;
  return dialog.returnValue === "yes";
}
