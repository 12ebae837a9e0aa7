// @ts-check
/**
 * What the bar under the table says: how many are done, whether all is saved, what is in the way.
 *
 * @typedef {import("./saver.js").State} State
 */

import { element } from "./cells.js";
import { say } from "./texts.js";

const counts = element("counts");
const line = element("status");
const trouble = element("trouble");
const said = element("said");

/** Read out, and not shown: the cells show it. @param {string} text */
export function announce(text) {
  said.textContent = text;
}

/** One candidate more (1) or fewer (-1) is done. @param {number} more */
export function count(more) {
  const { done, left, candidates } = counts.dataset;
  countTo({ done: Number(done) + more, left: Number(left) - more, candidates: Number(candidates) });
}

/** As the service counts them. @param {{done: number, left: number, candidates: number}} paper */
export function countTo({ done, left, candidates }) {
  Object.assign(counts.dataset, { done, left, candidates });
  counts.textContent = say("counts", { done, left, candidates });
  element("all-done").hidden = left > 0 || !candidates;
}

/**
 * @param {State} state
 * @param {boolean} hasProblems whether cells wait for somebody to look at them
 */
export function showState(state, hasProblems) {
  const settled = hasProblems ? "problems" : "all_saved";
  line.textContent = state === "saving" ? say("saving") : state === "" ? say(settled) : "";
  line.classList.toggle("text-danger", state === "" && hasProblems);
  element("to-problem").hidden = !hasProblems;
  trouble.replaceChildren(...(state === "offline" || state === "signed-out" ? troubled(state) : []));
}

/**
 * Who was entered or withdrawn since the page was opened; their rows come and go when it is read again.
 *
 * @param {string} added their numbers, or how many
 * @param {string} withdrawn
 */
export function showEntries(added, withdrawn) {
  const told = [added && say("added", { who: added }), withdrawn && say("withdrawn", { who: withdrawn })];
  element("entries-told").textContent = told.filter(Boolean).join(" ");
  element("entries").hidden = !added && !withdrawn;
}

/** @param {"offline" | "signed-out"} state */
function troubled(state) {
  const text = document.createElement("span");
  text.textContent = say(state === "offline" ? "offline" : "signed_out");
  const again = document.createElement("button");
  again.type = "button";
  again.className = "btn btn-sm btn-light";
  again.dataset.again = "";
  again.textContent = say("try_again");
  return state === "offline" ? [text, again] : [text, signInLink(), again];
}

function signInLink() {
  const link = document.createElement("a");
  link.href = `/?next=${encodeURIComponent(location.pathname + location.search)}`;
  link.target = "_blank";
  link.textContent = say("sign_in");
  return link;
}
