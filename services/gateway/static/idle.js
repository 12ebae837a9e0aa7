// @ts-check
/**
 * The end of a session that nobody touches: told beforehand, counted down, and put off by a button.
 * What was typed stays on the page whatever happens, also when somebody else signs in.
 *
 * The server is asked how much is left: this page cannot know of other tabs, nor of what it saved
 * meanwhile.
 */

import { askSession, token } from "./session.js";
import { fetchTraced } from "./traced.js";

const WARNING_SECONDS = 300;
const TICK_MS = 1000;
const SOON_MS = 30_000;
const MINUTE = 60;
/** The text changes every second: it is read out when no more than so many are left. */
const READ_OUT = [0, MINUTE, 2 * MINUTE, WARNING_SECONDS];
const SOMEBODY_ELSE = -1;

const bar = /** @type {HTMLElement} */ (document.getElementById("idle"));
const text = /** @type {HTMLElement} */ (document.getElementById("idle-text"));
const said = /** @type {HTMLElement} */ (document.getElementById("idle-said"));
const stay = /** @type {HTMLButtonElement} */ (document.getElementById("idle-stay"));
const signIn = /** @type {HTMLAnchorElement} */ (document.getElementById("idle-sign-in"));

/** When the session ends, by the clock of this page. */
let end = 0;
let ticking = 0;
let next = 0;
/** What was left when the server was last asked. */
let looked = 0;
/** For which occasion the text was last read out. @type {number | undefined} */
let told;
/** What had the focus before the bar. @type {HTMLElement | null} */
let before = document.getElementById("main");

stay.addEventListener("click", goOn);
bar.addEventListener("focusin", ({ relatedTarget }) => {
  before = relatedTarget instanceof HTMLElement ? relatedTarget : before;
});
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
look();

/** Ask how it is with the session, show it, and know when to look again. */
export async function look() {
  const session = await askSession();
  clearTimeout(next);
  if (session === null) {
    next = setTimeout(look, SOON_MS);
    return session;
  }
  const { left, isOurs } = session;
  looked = left;
  end = performance.now() + left * 1000;
  clearInterval(ticking);
  if (left && !isOurs) {
    tell(bar.dataset.other, SOMEBODY_ELSE);
  } else if (left > WARNING_SECONDS) {
    hide();
    next = setTimeout(look, (left - WARNING_SECONDS) * 1000);
  } else {
    ticking = setInterval(tick, TICK_MS);
    tick();
  }
  return session;
}

function tick() {
  const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
  const clock = `${Math.floor(left / MINUTE)}:${String(left % MINUTE).padStart(2, "0")}`;
  const words = left ? bar.dataset.left?.replace("%(left)s", clock) : bar.dataset.over;
  tell(words, READ_OUT.find((seconds) => left <= seconds));
  if (!left) {
    clearInterval(ticking);
  } else if (left % MINUTE === 0 && left !== looked) {
    look();
  }
}

/** @param {string} [words] @param {number} [occasion] the words are read out once for each */
function tell(words = "", occasion) {
  text.textContent = words;
  if (occasion !== told) {
    said.textContent = words;
    told = occasion;
  }
  stay.hidden = occasion === 0 || occasion === SOMEBODY_ELSE;
  signIn.hidden = occasion !== 0;
  bar.hidden = false;
}

/** The focus goes back to where it was. */
function hide() {
  const hadFocus = bar.contains(document.activeElement);
  bar.hidden = true;
  said.textContent = "";
  told = undefined;
  if (hadFocus) {
    before?.focus({ preventScroll: true });
  }
}

async function goOn() {
  try {
    await fetchTraced("/session/stay", { method: "POST", headers: { "X-CSRF-Token": token() } });
  } catch {
    // Nobody answers: the countdown goes on, and the button is there to be pressed again.
  }
  await look();
}
