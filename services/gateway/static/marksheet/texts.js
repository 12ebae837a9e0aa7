// @ts-check
/** Sentences in the reader's language, as the page brought them. */

/** @type {Record<string, string>} */
let texts = {};

/** @param {HTMLElement} holder has them as JSON in `data-texts` */
export function readTexts(holder) {
  texts = JSON.parse(holder.dataset.texts ?? "{}");
}

/**
 * @param {string} name
 * @param {Record<string, string | number>} [values] for the places such as `%(candidate_no)s`
 */
export function say(name, values = {}) {
  return texts[name].replace(/%\((\w+)\)s/g, (_, place) => String(values[place]));
}
