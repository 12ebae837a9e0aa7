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
 * Take over how far they are now, and what can be done then; false where nobody can tell.
 *
 * Where the page leads elsewhere, since the file is gone or the session over, the browser goes there
 * by the same way, so that what is said there is said to the reader.
 * @param {HTMLElement} far
 */
async function look(far) {
  try {
    const answer = await fetchTraced(location.href);
    if (answer.redirected) {
      location.reload();
      return false;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.getElementById("far");
    if (!answer.ok || !now) {
      return false;
    }
    takeOver(page, "far");
    takeOver(page, "then");
    far.dataset.state = now.dataset.state;
    return true;
  } catch {
    return false;
  }
}

/**
 * What stays as it is is not said again.
 * @param {Document} page
 * @param {string} id
 */
function takeOver(page, id) {
  const [old, now] = [document.getElementById(id), page.getElementById(id)];
  if (old && now && old.innerHTML !== now.innerHTML) {
    old.replaceChildren(...now.childNodes);
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
