// @ts-check
/**
 * Shows how far the reports are, and fetches the file when it is ready.
 *
 * It looks at this page again and takes over what that says; without script the browser does.
 */

import { fetchTraced } from "./traced.js";

const LOOK_MS = 1000;
const AFTER_TROUBLE_MS = 5000;

const far = document.getElementById("far");

if (far) {
  follow(far);
}

/** @param {HTMLElement} far */
async function follow(far) {
  while (far.dataset.state === "being_made") {
    const wait = (await look(far)) ? LOOK_MS : AFTER_TROUBLE_MS;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
  fetchOnce(far);
}

/**
 * Take over how far they are now; false where nobody can tell.
 * @param {HTMLElement} far
 */
async function look(far) {
  try {
    const answer = await fetchTraced(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.getElementById("far");
    if (!answer.ok || !now) {
      return false;
    }
    if (now.innerHTML !== far.innerHTML) {
      far.replaceChildren(...now.childNodes);
    }
    far.dataset.state = now.dataset.state;
    return true;
  } catch {
    return false;
  }
}

/**
 * The file comes by itself, but not again when the page is loaded again.
 * @param {HTMLElement} far
 */
function fetchOnce(far) {
  const link = far.querySelector("[data-file]");
  if (link instanceof HTMLAnchorElement && !sessionStorage.getItem(link.href)) {
    sessionStorage.setItem(link.href, "fetched");
    link.click();
  }
}
