// @ts-check
/** The lists as they are now: the page is fetched again, and what may have changed is taken over. */

import { fetchTraced } from "../traced.js";
import { word } from "./words.js";

/** Brings every part marked `data-fresh` up to date; where that fails, what is there stays. */
export async function refresh() {
  const page = await fetchPage();
  for (const fresh of page?.querySelectorAll("[data-fresh][id]") ?? []) {
    const old = document.getElementById(fresh.id);
    if (old instanceof HTMLSelectElement && fresh instanceof HTMLSelectElement) {
      chooseNext(old, fresh);
    } else if (old && old.innerHTML !== fresh.innerHTML) {
      replace(old, fresh);
    }
  }
}

/**
 * What is to be chosen next, unless a person has chosen.
 * @param {HTMLSelectElement} old
 * @param {HTMLSelectElement} fresh
 */
function chooseNext(old, fresh) {
  if (!("chosen" in old.dataset)) {
    old.value = fresh.value;
  }
}

/**
 * Take over what is new; a link that had the focus has it again.
 * @param {Element} old
 * @param {Element} fresh
 */
function replace(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const href = focused?.getAttribute("href") ?? "";
  old.replaceChildren(...fresh.childNodes);
  const again = href ? old.querySelector(`a[href="${CSS.escape(href)}"]`) : null;
  if (again instanceof HTMLElement) {
    again.focus();
  }
}

async function fetchPage() {
  try {
    const answer = await fetchTraced(word("page"), { cache: "no-store" });
    const text = answer.ok ? await answer.text() : "";
    return new DOMParser().parseFromString(text, "text/html");
  } catch {
    return null;
  }
}
