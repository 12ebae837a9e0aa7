// @ts-check
/**
 * Pasting a block of a spreadsheet: first what will change is shown; then all of it is saved in one
 * go, or nothing.
 *
 * @typedef {import("./row.js").Row} Row
 * @typedef {import("./cells.js").Rows} Rows
 * @typedef {import("./block.js").Target} Target
 */

import { blockOf, planOf } from "./block.js";
import { asCell, element, placeOf } from "./cells.js";
import { say } from "./texts.js";
import { draw, leftWith } from "./view.js";

const dialog = /** @type {HTMLDialogElement} */ (element("paste"));
const apply = /** @type {HTMLButtonElement} */ (element("paste-apply"));

export class Pasting {
  /**
   * @param {HTMLFormElement} form
   * @param {Rows} rows
   * @param {import("./saver.js").Saver} saver
   * @param {import("./undoing.js").Undoing} undoing
   */
  constructor(form, rows, saver, undoing) {
    this.rows = rows;
    this.saver = saver;
    this.undoing = undoing;
    /** @type {Target[]} */
    this.targets = [];
    form.addEventListener("paste", (event) => this.#onPaste(event));
    apply.addEventListener("click", () => this.#apply());
  }

  /** @param {ClipboardEvent} event */
  #onPaste(event) {
    const cell = asCell(event.target);
    const block = blockOf(event.clipboardData?.getData("text/plain") ?? "");
    if (!cell || !block) {
      return;
    }
    event.preventDefault();
    const [key, number] = placeOf(cell);
    cell.value = this.rows.of(number).wanted[key];
    leftWith(cell);
    const { targets, wrong } = planOf(this.rows, cell, block);
    this.targets = targets;
    const bad = targets.filter(({ why }) => why);
    element("paste-summary").textContent = say("paste_summary", { changes: targets.length - bad.length });
    this.#list();
    tell([...wrong, ...bad.map((one) => `${one.number}, ${labelOf(one.key)}: ${one.text}. ${one.why}`)]);
    apply.disabled = wrong.length > 0 || bad.length > 0 || !targets.length;
    dialog.showModal();
  }

  #list() {
    const lines = this.targets.map(({ number, key, was, text, why }) => {
      const line = document.createElement("tr");
      line.className = why ? "bad" : "";
      const name = this.rows.of(number).name;
      for (const value of [`${number} ${name}`, labelOf(key), was || say("empty"), text]) {
        line.insertCell().textContent = value;
      }
      return line;
    });
    element("paste-changes").replaceChildren(...lines);
  }

  async #apply() {
    if (this.saver.isStuck) {
      tell([say("paste_not_now")]);
      return;
    }
    apply.disabled = true;
    await this.saver.done();
    const changes = this.#want();
    const rows = changes.map(({ row }) => row);
    const answer = await this.saver.together(rows, "pasted");
    apply.disabled = false;
    if (answer.status === 200) {
      this.undoing.record(changes.map(({ row, before, after }) => ({ number: row.number, before, after })));
      dialog.close();
      return;
    }
    for (const { row, before } of changes) {
      row.keys.forEach((key) => row.want(key, before[key]));
      draw(this.rows, row);
    }
    tell(refusals(answer, rows));
  }

  /** Put the block in the rows. */
  #want() {
    const rows = [...new Set(this.targets.map(({ number }) => this.rows.of(number)))];
    const before = new Map(rows.map((row) => [row, { ...row.wanted }]));
    this.targets.forEach(({ number, key, text }) => this.rows.of(number).want(key, text));
    return rows
      .filter((row) => row.dirty.length)
      .map((row) => ({ row, before: before.get(row) ?? {}, after: { ...row.wanted } }));
  }
}

/** @param {import("./api.js").Answer} answer @param {Row[]} rows @returns {string[]} */
function refusals({ status, body }, rows) {
  if (!status || status === 401 || status >= 500) {
    return [say("paste_not_now")];
  }
  const errors = /** @type {{pointer: string, detail: string}[]} */ (body.errors ?? []);
  const named = errors.map(({ pointer, detail }) => {
    const row = rows[Number(pointer.split("/")[2])];
    return row ? `${row.number}: ${detail}` : detail;
  });
  return [body.detail ?? say("paste_not_now"), ...named];
}

/** What is wrong, a line for each. @param {string[]} wrong */
function tell(wrong) {
  const lines = wrong.map((text) => {
    const line = document.createElement("li");
    line.textContent = text;
    return line;
  });
  element("paste-wrong").replaceChildren(...lines);
  element("paste-nothing").hidden = !wrong.length;
}

/** @param {string} key */
const labelOf = (key) => element(`h-${key}`).textContent?.trim() ?? key;
