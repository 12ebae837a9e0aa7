// @ts-check
/** Which piece of the work a file is: chosen on the page for one, asked of several that come together. */

import { required } from "./words.js";

/** What a person has chosen stays until a file takes it: see `refresh`. @param {Element | null} select */
export function keepChoice(select) {
  if (select instanceof HTMLSelectElement) {
    select.addEventListener("change", () => (select.dataset.chosen = ""));
  }
}

/**
 * @param {File[]} files
 * @param {Element | null} select the pieces, where the paper names any
 * @returns {Promise<(string | null)[]>} the piece of each, or nothing where none is to be sent
 */
export async function piecesOf(files, select) {
  if (!(select instanceof HTMLSelectElement)) {
    return files.map(() => null);
  }
  if (files.length > 1) {
    return ask(files, select);
  }
  delete select.dataset.chosen;
  return [select.value || null];
}

/**
 * @param {File[]} files
 * @param {HTMLSelectElement} select
 * @returns {Promise<(string | null)[]>}
 */
function ask(files, select) {
  const dialog = /** @type {HTMLDialogElement} */ (required(document.querySelector("#pieces-dialog")));
  const pieces = [...select.options].map((option) => option.value || null);
  const lines = files.map((file) => lineOf(file.name, select));
  const choices = lines.map((line) => /** @type {HTMLSelectElement} */ (line.querySelector("select")));
  required(dialog.querySelector("[data-files]")).replaceChildren(...lines);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    const ended = () =>
      resolve(dialog.returnValue === "send" ? choices.map(({ value }) => pieces[Number(value)]) : []);
    dialog.addEventListener("close", ended, { once: true });
  });
}

/** @param {string} name @param {HTMLSelectElement} select */
function lineOf(name, select) {
  const template = /** @type {HTMLTemplateElement} */ (document.querySelector("#piece-line"));
  const line = required(document.importNode(template.content, true).firstElementChild);
  required(line.querySelector("[data-name]")).textContent = name;
  const named = [...select.options].map((option, index) => new Option(option.text, String(index)));
  required(line.querySelector("select")).append(...named);
  return line;
}
