// @ts-check
/** Deleting without leaving the page, so that uploads under way go on; asks first. */

import { refresh } from "../refresh.js";
import { token } from "../session.js";
import { fetchTraced } from "../traced.js";
import { detailOf } from "./send.js";
import { announce, required, word } from "./words.js";

const GONE = 404;

export function installDelete() {
  const found = document.querySelector("#delete-dialog");
  if (!(found instanceof HTMLDialogElement)) {
    return;
  }
  const dialog = found;
  /** @type {HTMLElement | null} */
  let link = null;
  document.addEventListener("click", (event) => {
    const clicked = event.target instanceof Element ? event.target.closest("[data-delete]") : null;
    if (clicked instanceof HTMLElement) {
      event.preventDefault();
      link = clicked;
      required(dialog.querySelector("[data-name]")).textContent = clicked.dataset.name ?? "";
      complain(dialog, "");
      dialog.showModal();
    }
  });
  required(dialog.querySelector("[data-no]")).addEventListener("click", () => dialog.close());
  required(dialog.querySelector("[data-yes]")).addEventListener("click", async () => {
    if (link && (await remove(link, dialog))) {
      link = null;
    }
  });
}

/**
 * @param {HTMLElement} link
 * @param {HTMLDialogElement} dialog
 */
async function remove(link, dialog) {
  const why = await ask(link.dataset.delete ?? "");
  if (why) {
    complain(dialog, why);
    return false;
  }
  const heading = link.closest("section")?.querySelector("h2");
  dialog.close();
  await refresh(word("page"));
  announce(`${link.dataset.name}: ${word("deleted")}`);
  heading?.focus();
  return true;
}

/**
 * Why the file is not deleted; "" when it is (also by somebody else, a moment ago).
 * @param {string} address
 */
async function ask(address) {
  try {
    const headers = { "X-CSRF-Token": token() };
    const answer = await fetchTraced(address, { method: "DELETE", headers });
    if (answer.ok || answer.status === GONE) {
      return "";
    }
    return answer.status === 401 ? word("ended") : detailOf(await answer.text()) || word("busy");
  } catch {
    return word("lost");
  }
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {string} why
 */
function complain(dialog, why) {
  const error = required(dialog.querySelector("[data-error]"));
  error.textContent = why;
  error.hidden = !why;
}
