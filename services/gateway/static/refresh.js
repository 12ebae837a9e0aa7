// @ts-check
/** The page as it is now: it is fetched again, and what may have changed is taken over. */

import { fetchTraced } from "./traced.js";

let asked = 0;
let shown = 0;

/**
 * Brings every part marked `data-fresh` up to date; where that fails, what is there stays. So it does
 * where what was asked for later has come already.
 * @param {string} address of the page
 */
export async function refresh(address) {
  asked += 1;
  const mine = asked;
  const page = await fetchPage(address);
  if (page && mine > shown) {
    shown = mine;
    page.querySelectorAll("[data-fresh][id]").forEach(takeOver);
  }
}

/** @param {Element} fresh */
function takeOver(fresh) {
  const old = document.getElementById(fresh.id);
  if (!old || isChosen(old)) {
    return;
  }
  if (old instanceof HTMLSelectElement && fresh instanceof HTMLSelectElement) {
    old.value = fresh.value;
  } else if (old.innerHTML !== fresh.innerHTML) {
    replace(old, fresh);
  }
}

/** Whether a person has chosen there what is not to be chosen anew. @param {HTMLElement} part */
const isChosen = (part) =>
  "chosen" in part.dataset || [...part.querySelectorAll("input")].some((one) => one.checked !== one.defaultChecked);

/**
 * Take over what is new; a link or a box that had the focus has it again.
 * @param {Element} old
 * @param {Element} fresh
 */
function replace(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const href = focused?.getAttribute("href") ?? "";
  const id = focused?.id ?? "";
  old.replaceChildren(...fresh.childNodes);
  const again = id ? document.getElementById(id) : href && old.querySelector(`a[href="${CSS.escape(href)}"]`);
  if (again instanceof HTMLElement) {
    again.focus();
  }
}

/** @param {string} address */
async function fetchPage(address) {
  try {
    const answer = await fetchTraced(address, { cache: "no-store" });
    return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  } catch {
    return null;
  }
}
