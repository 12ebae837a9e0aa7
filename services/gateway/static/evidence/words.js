// @ts-check
/** What the script says: the words come with the page, in the reader's language. */

const words = required(document.querySelector("#evidence-script"));
const said = words.querySelector("[data-said]");

/** The largest file in bytes. */
export const largest = Number(words.dataset.largest);

/** What is larger goes in parts, in bytes. */
export const partSize = Number(words.dataset.partSize);

/** @param {string} name */
export function word(name) {
  return words.dataset[name] ?? "";
}

/**
 * Tell those who do not see the page.
 * @param {string} text
 */
export function announce(text) {
  if (said) {
    said.textContent = text;
  }
}

/**
 * What there must be for the script to run at all.
 * @param {Element | null} element
 * @returns {HTMLElement}
 */
export function required(element) {
  if (!(element instanceof HTMLElement)) {
    throw new Error("a part of the page is missing");
  }
  return element;
}
