// @ts-check
/** The marksheet with script: every cell is saved as it is left. */

import { asked } from "./absent.js";
import { pointOut, rowsAway, showLost } from "./away.js";
import { asCell, cellOf, element, placeOf, Rows } from "./cells.js";
import { Colleagues } from "./colleagues.js";
import { Entries } from "./entries.js";
import { linkHistory } from "./history.js";
import { Initials } from "./initials.js";
import { jumpWith } from "./jump.js";
import { Leaving } from "./leaving.js";
import { Pasting } from "./pasting.js";
import { Problems } from "./problems.js";
import { Saver } from "./saver.js";
import { announce, count, countTo, showState } from "./status.js";
import { Steps } from "./steps.js";
import { readTexts, say } from "./texts.js";
import { enter, Typing } from "./typing.js";
import { Undoing } from "./undoing.js";
import { draw, leftWith, problemOf } from "./view.js";
import { WaitingCells } from "./waiting.js";

/**
 * @typedef {import("./row.js").Row} Row
 * @typedef {import("./cells.js").Cell} Cell
 */

const form = /** @type {HTMLFormElement} */ (element("sheet"));
const { user = "", sheet = "" } = form.dataset;

start();

function start() {
  readTexts(form);
  const rows = new Rows(/** @type {HTMLTableElement} */ (element("marks")));
  const initials = new Initials(user, sheet);
  const steps = new Steps(user, sheet);
  const waiting = new WaitingCells(user, sheet);
  const problems = new Problems(form, rows, enter);
  const saver = saverOf(rows, waiting, problems);
  const save = async () => {
    const mayGo = await typing.leave(asCell(document.activeElement));
    await saver.done();
    return mayGo;
  };
  const undoing = new Undoing(steps, rows, {
    changed: (row) => {
      draw(rows, row);
      saver.add(row);
    },
    show: (row, key) => enter(cellOf(key, row.number)),
    save,
  });
  const typing = new Typing(form, rows, saver, initials, undoing);
  new Pasting(form, rows, saver, undoing);
  const isUnsaved = () => asked !== null || isTyping(rows) || rows.touched.some((row) => row.unsaved);
  new Leaving(isUnsaved, save, () => saver.isStuck);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    close(problems, save, [initials, steps]);
  });
  wakeWith(saver);
  adopt(rows, saver);
  goOn(rows, saver, waiting);
  watch(rows, saver, waiting, problems);
  jumpWith(form, rows, save);
  linkHistory(form);
  undoing.goOn();
  document.querySelectorAll("[data-with-script]").forEach((each) => each.removeAttribute("hidden"));
  document.querySelectorAll("[data-without-script]").forEach((button) => button.remove());
}

/** @param {Rows} rows @param {WaitingCells} waiting @param {Problems} problems */
function saverOf(rows, waiting, problems) {
  return new Saver(form.dataset.marks ?? "", {
    state: (state) => showState(state, problems.any),
    added: (row) => waiting.keep(row),
    drawn: (row) => drawn(rows, row, waiting),
    saved: (row, complete) => saved(row, complete),
  });
}

/** Whether there is something in the cell with the cursor that was never left. @param {Rows} rows */
function isTyping(rows) {
  const cell = asCell(document.activeElement);
  const [key, number] = (cell?.id ?? "").split("-");
  return cell !== null && cell.value.trim() !== rows.of(number).wanted[key];
}

/** @param {Rows} rows @param {Row} row @param {WaitingCells} waiting */
function drawn(rows, row, waiting) {
  draw(rows, row);
  waiting.keep(row);
  if (!rows.has(row.number)) {
    pointOut(rows, waiting);
  }
  if (row.problem) {
    announce(say("not_saved", { candidate_no: row.number, why: problemOf(row, row.problem) }));
  }
}

/** @param {Row} row @param {boolean} isComplete */
function saved(row, isComplete) {
  if (markComplete(row, isComplete)) {
    count(isComplete ? 1 : -1);
  }
  announce(say("saved", { candidate_no: row.number }));
}

/** @param {Row} row @param {boolean} isComplete @returns {boolean} whether that is new, as far as the page shows it */
function markComplete(row, isComplete) {
  const line = document.getElementById(`c${row.number}`);
  const was = line?.hasAttribute("data-complete") ?? isComplete;
  line?.toggleAttribute("data-complete", isComplete);
  return isComplete !== was;
}

/**
 * "Save and close": to the menu, unless somebody is not absent after all, or a cell is not as it
 * should be.
 *
 * @param {Problems} problems
 * @param {() => Promise<boolean>} save
 * @param {{forget: () => void}[]} sitting what is remembered until now
 */
async function close(problems, save, sitting) {
  if (!(await save())) {
    return;
  }
  if (problems.show()) {
    announce(say("problems"));
    return;
  }
  sitting.forEach((each) => each.forget());
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
  for (const line of rows.table.querySelectorAll("tr[data-special]")) {
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

/**
 * What was typed before the page was closed, or the session ended, goes out now, of all candidates.
 *
 * @param {Rows} rows
 * @param {Saver} saver
 * @param {WaitingCells} waiting
 */
async function goOn(rows, saver, waiting) {
  pointOut(rows, waiting);
  const here = waiting.numbers.filter((number) => rows.has(number));
  for (const row of here.map((number) => rows.of(number))) {
    waiting.restore(row);
    draw(rows, row);
    if (row.unsaved) {
      saver.add(row);
    }
  }
  const others = await rowsAway(form.dataset.marks ?? "", rows, waiting);
  others.filter((row) => row.dirty.length).forEach((row) => saver.add(row));
  showLost(rows, waiting);
}

/**
 * What others save meanwhile, unless somebody is typing in that very row.
 *
 * @param {Rows} rows
 * @param {Saver} saver
 * @param {WaitingCells} waiting
 * @param {Problems} problems
 */
function watch(rows, saver, waiting, problems) {
  // What was typed of who is withdrawn waits on: the sheet as it is now tells of it.
  const entries = new Entries(rows, (row) => draw(rows, row));
  new Colleagues(form.dataset.marks ?? "", form.dataset.cursor ?? "0", {
    mayAsk: () => !saver.isStuck,
    heard: (news) => {
      entries.hear(news);
      if (!saver.state) {
        countTo(news.paper);
        if (problems.any === element("to-problem").hidden) {
          showState("", problems.any);
        }
      }
    },
    take: (candidate) => take(rows, candidate, waiting),
  });
}

/** @param {Rows} rows @param {Record<string, any>} candidate @param {WaitingCells} waiting @returns {boolean} whether it is shown */
function take(rows, candidate, waiting) {
  const number = String(candidate.candidate_no);
  if (!rows.has(number)) {
    return true;
  }
  const row = rows.of(number);
  const isTypedIn = isTyping(rows) && placeOf(/** @type {Cell} */ (document.activeElement))[1] === number;
  if (isTypedIn || !row.hear(candidate)) {
    return false;
  }
  markComplete(row, candidate.complete);
  drawn(rows, row, waiting);
  return true;
}
