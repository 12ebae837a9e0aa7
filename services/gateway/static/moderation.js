// @ts-check
/** The moderator's workspace with script: a row is saved when one of its boxes is left. */

import { patch } from "./marksheet/api.js";
import { refresh } from "./refresh.js";

const WHOLE = /^[0-9]{1,6}$/;
const RETRY_MS = 3000;
const form = /** @type {HTMLFormElement} */ (document.getElementById("moderation"));
const status = /** @type {HTMLElement} */ (document.getElementById("status"));

/** @typedef {HTMLInputElement | HTMLSelectElement} Box */

/** Rows that wait to be sent, each once; one request at a time. @type {Set<HTMLTableRowElement>} */
const queue = new Set();
let isSending = false;

form.addEventListener("change", (event) => {
  const row = event.target instanceof Element ? event.target.closest("tr") : null;
  if (row) {
    queue.add(row);
    sendAll();
  }
});
form.addEventListener("keydown", moveOn);
window.addEventListener("beforeunload", (event) => {
  if (queue.size || isSending || isTyping()) {
    event.preventDefault();
  }
});

/** Whether something stands in the box in hand that is not on its way yet. */
function isTyping() {
  const box = document.activeElement;
  return box instanceof HTMLInputElement && form.contains(box) && box.value !== box.defaultValue;
}

/** Enter and the arrows go to the same box of the next candidate, or the one before. @param {KeyboardEvent} event */
function moveOn(event) {
  const box = event.target;
  if (!(box instanceof HTMLInputElement)) {
    return;
  }
  const step = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) {
    return;
  }
  event.preventDefault();
  const column = [...form.querySelectorAll(`input[data-key="${box.dataset.key}"]`)];
  const next = column[column.indexOf(box) + step];
  if (next instanceof HTMLInputElement) {
    next.focus();
    next.select();
  } else if (step > 0) {
    // After the last one: to leave it saves it, and the focus is not lost.
    /** @type {HTMLElement} */ (form.querySelector("button[type=submit]")).focus();
  }
}

async function sendAll() {
  if (isSending) {
    return;
  }
  isSending = true;
  let ok = true;
  while (queue.size && ok) {
    const rows = [...queue];
    queue.clear();
    ok = await send(rows);
  }
  isSending = false;
  if (ok) {
    await refresh(location.href);
  }
}

/** @param {HTMLTableRowElement[]} rows @returns {Promise<boolean>} */
async function send(rows) {
  status.textContent = form.dataset.saving ?? "";
  const answer = await patch(form.dataset.marks ?? "", { candidates: rows.map(changeOf) });
  if (!answer.status || answer.status >= 500 || answer.status === 401 || answer.status === 429) {
    rows.forEach((row) => queue.add(row));
    status.textContent = form.dataset.offline ?? "";
    setTimeout(sendAll, Math.max(RETRY_MS, answer.after * 1000));
    return false;
  }
  const { saved = [], refused = [], detail = "" } = answer.body;
  for (const row of rows) {
    const kept = saved.find((/** @type {any} */ one) => one.candidate_no === row.dataset.number);
    const why = refused.find((/** @type {any} */ one) => one.candidate_no === row.dataset.number);
    kept ? accept(row, kept) : refuse(row, why ?? { detail });
  }
  status.textContent = saved.length === rows.length ? form.dataset.saved ?? "" : "";
  return true;
}

/** @param {HTMLTableRowElement} row @returns {Record<string, any>} */
function changeOf(row) {
  const texts = Object.fromEntries(boxesOf(row).map((box) => [box.dataset.key, box.value.trim()]));
  const change = { candidate_no: row.dataset.number, comment: texts.comment, version: Number(hidden(row, "version").value) };
  if ("outcome" in texts) {
    return texts.outcome ? { ...change, outcome: texts.outcome } : { ...change, clear: true };
  }
  const tasks = Object.keys(texts).filter((key) => key.startsWith("task-"));
  return { ...change, tasks: tasks.map((key) => numberOf(texts[key])) };
}

/** @param {string} text */
function numberOf(text) {
  return text ? (WHOLE.test(text) ? Number(text) : text) : null;
}

/** @param {HTMLTableRowElement} row @param {Record<string, any>} kept */
function accept(row, kept) {
  hidden(row, "version").value = String(kept.version);
  hidden(row, "was").value = boxesOf(row).map((box) => box.value.trim()).join("\n");
  put(row, "total", kept.total ?? "");
  put(row, "difference", kept.difference === null ? "" : (kept.difference > 0 ? "+" : "") + kept.difference);
  const within = kept.within ? form.dataset.within : form.dataset.outside;
  put(row, "tolerance", kept.within === null ? "" : within ?? "");
  for (const box of row.querySelectorAll("input")) {
    box.defaultValue = box.value;
  }
  row.dataset.state = "saved";
  say(row, "");
}

/** @param {HTMLTableRowElement} row @param {Record<string, any>} why */
function refuse(row, why) {
  row.dataset.state = "refused";
  if (why.current) {
    hidden(row, "version").value = String(why.current.version);
  }
  const stored = why.current ? ` ${why.current.outcome ?? why.current.total ?? ""}` : "";
  say(row, why.detail + stored);
}

/** @param {HTMLTableRowElement} row @param {string} text */
function say(row, text) {
  const message = /** @type {HTMLElement} */ (row.querySelector("[data-message]"));
  message.hidden = !text;
  message.textContent = text;
  for (const box of boxesOf(row)) {
    text ? box.setAttribute("aria-invalid", "true") : box.removeAttribute("aria-invalid");
    text ? box.setAttribute("aria-describedby", message.id) : box.removeAttribute("aria-describedby");
  }
}

/** @param {HTMLTableRowElement} row @param {string} name @param {string | number} text */
function put(row, name, text) {
  const cell = row.querySelector(`[data-${name}]`);
  if (cell) {
    cell.textContent = String(text);
  }
}

/** @param {HTMLTableRowElement} row @returns {Box[]} */
const boxesOf = (row) => [...row.querySelectorAll(/** @type {"input"} */ ("[data-key]"))];

/** @param {HTMLTableRowElement} row @param {string} name @returns {HTMLInputElement} */
const hidden = (row, name) => /** @type {HTMLInputElement} */ (row.querySelector(`input[name^="${name}-"]`));
