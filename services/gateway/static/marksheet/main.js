// @ts-check
/** The marksheet with script: every cell is saved as it is left. */

import { asCell, element, Rows } from "./cells.js";
import { Initials } from "./initials.js";
import { Leaving } from "./leaving.js";
import { Saver } from "./saver.js";
import { announce, count, showState } from "./status.js";
import { readTexts, say } from "./texts.js";
import { Typing } from "./typing.js";
import { draw, leftWith, problemOf } from "./view.js";

/** @typedef {import("./row.js").Row} Row */

const form = /** @type {HTMLFormElement} */ (element("sheet"));

start();

function start() {
  readTexts(form);
  const rows = new Rows(/** @type {HTMLTableElement} */ (element("marks")));
  const initials = new Initials(form.dataset.sheet ?? "");
  const hasProblems = () => rows.touched.some(({ problem }) => problem);
  const saver = new Saver(form.dataset.marks ?? "", {
    state: (state) => showState(state, hasProblems()),
    drawn: (row) => drawn(rows, row),
    saved: (row, complete) => saved(row, complete),
  });
  const typing = new Typing(form, rows, saver, initials);
  const save = async () => {
    await typing.leave(asCell(document.activeElement));
    await saver.done();
  };
  const isUnsaved = () => isTyping(rows) || rows.touched.some((row) => row.unsaved);
  new Leaving(isUnsaved, save, () => saver.isStuck);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    close(typing, save, initials);
  });
  wakeWith(saver);
  adopt(rows, saver);
  element("keys").hidden = false;
  document.querySelectorAll("[data-without-script]").forEach((button) => button.remove());
}

/** Whether there is something in the cell with the cursor that was never left. @param {Rows} rows */
function isTyping(rows) {
  const cell = asCell(document.activeElement);
  const [key, number] = (cell?.id ?? "").split("-");
  return cell !== null && cell.value.trim() !== rows.of(number).wanted[key];
}

/** @param {Rows} rows @param {Row} row */
function drawn(rows, row) {
  draw(rows, row);
  if (row.problem) {
    announce(say("not_saved", { candidate_no: row.number, why: problemOf(row, row.problem) }));
  }
}

/** @param {Row} row @param {boolean} isComplete */
function saved(row, isComplete) {
  const { dataset } = element(`c${row.number}`);
  const wasComplete = dataset.complete !== undefined;
  if (isComplete !== wasComplete) {
    count(isComplete ? 1 : -1);
  }
  if (isComplete) {
    dataset.complete = "";
  } else {
    delete dataset.complete;
  }
  announce(say("saved", { candidate_no: row.number }));
}

/**
 * "Save and close": to the menu, unless a cell is not as it should be.
 *
 * @param {Typing} typing
 * @param {() => Promise<void>} save
 * @param {Initials} initials
 */
async function close(typing, save, initials) {
  await save();
  if (typing.showProblem()) {
    announce(say("problems"));
    return;
  }
  initials.forget();
  location.assign(form.dataset.menu ?? "/");
}

/** What may end a wait: the button, the network, coming back from another tab. @param {Saver} saver */
function wakeWith(saver) {
  addEventListener("online", () => saver.wake());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && saver.wake());
  element("trouble").addEventListener("click", ({ target }) => {
    if (target instanceof HTMLElement && target.closest("[data-again]")) {
      saver.wake();
    }
  });
}

/**
 * Rows that are not simply as stored: those with a code, and what a plain form was refused for.
 *
 * @param {Rows} rows
 * @param {Saver} saver
 */
function adopt(rows, saver) {
  for (const line of rows.body.querySelectorAll("tr[data-special]")) {
    const row = rows.of(line.id.slice(1));
    for (const [key, cell] of rows.cells(row)) {
      row.want(key, leftWith(cell));
      const message = document.getElementById(`e-${cell.id}`);
      if (message) {
        row.refused.set(key, message.dataset.why ?? "");
      }
    }
    if (row.dirty.length) {
      saver.add(row);
    }
    draw(rows, row);
  }
}
