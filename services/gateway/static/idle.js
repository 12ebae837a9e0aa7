// @ts-check
/**
 * The end of a session that nobody touches: told beforehand, counted down, and put off by a button.
 * What was typed stays on the page whatever happens.
 *
 * The server is asked how much is left (which does not count as being there): this page cannot know
 * of other tabs, nor of what it saved meanwhile.
 */

import { fetchTraced } from "./traced.js";

const WARNING_SECONDS = 300;
const TICK_MS = 1000;
const SOON_MS = 30_000;
const MINUTE = 60;

const bar = /** @type {HTMLElement} */ (document.getElementById("idle"));
const text = /** @type {HTMLElement} */ (document.getElementById("idle-text"));
const stay = /** @type {HTMLButtonElement} */ (document.getElementById("idle-stay"));
const signIn = /** @type {HTMLAnchorElement} */ (document.getElementById("idle-sign-in"));

/** When the session ends, by the clock of this page. */
let end = 0;
let ticking = 0;

stay.addEventListener("click", goOn);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
look();

/** Ask how much is left, and when to look again. */
async function look() {
  const session = await ask();
  if (session === null) {
    setTimeout(look, SOON_MS);
    return;
  }
  const { left } = session;
  if (left > 0) {
    take(session.csrf);
  }
  end = performance.now() + left * 1000;
  if (left > WARNING_SECONDS) {
    bar.hidden = true;
    clearInterval(ticking);
    setTimeout(look, (left - WARNING_SECONDS) * 1000);
    return;
  }
  warn();
}

/** @returns {Promise<{left: number, csrf: string} | null>} nothing where nobody answers */
async function ask() {
  try {
    const answer = await fetchTraced("/session", { headers: { Accept: "application/json" } });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

/** Forms of this page go on with a session begun in another tab. @param {string} token */
function take(token) {
  document.querySelector("meta[name=csrf-token]")?.setAttribute("content", token);
  document.querySelectorAll("input[name=csrf_token]").forEach((field) => field.setAttribute("value", token));
}

function warn() {
  bar.hidden = false;
  clearInterval(ticking);
  ticking = setInterval(tick, TICK_MS);
  tick();
}

function tick() {
  const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
  const isOver = left === 0;
  const clock = `${Math.floor(left / MINUTE)}:${String(left % MINUTE).padStart(2, "0")}`;
  text.textContent = isOver ? (bar.dataset.over ?? "") : (bar.dataset.left ?? "").replace("%(left)s", clock);
  stay.hidden = isOver;
  signIn.hidden = !isOver;
  if (isOver) {
    clearInterval(ticking);
  } else if (left % MINUTE === 0) {
    look();
  }
}

async function goOn() {
  const token = document.querySelector("meta[name=csrf-token]")?.getAttribute("content") ?? "";
  try {
    await fetchTraced("/session/stay", { method: "POST", headers: { "X-CSRF-Token": token } });
  } catch {
    // Nobody answers: the countdown goes on, and the button is there to be pressed again.
  }
  await look();
}
