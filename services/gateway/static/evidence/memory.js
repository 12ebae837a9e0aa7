// @ts-check
/**
 * Which uploads were begun, also when the page or the browser has been closed since: whoever chooses
 * the same file for the same place again goes on with it. Signing out clears it.
 */

/** @typedef {Pick<import("./queue.js").To, "parts" | "candidate" | "about">} To */

/**
 * @param {To} to
 * @param {File} file
 */
function keyOf(to, file) {
  const known = [to.parts, to.candidate, to.about, file.name, file.size, file.lastModified];
  return `iamis-upload ${JSON.stringify(known)}`;
}

/**
 * @param {To} to
 * @param {File} file
 */
export function recall(to, file) {
  return withStorage((storage) => storage.getItem(keyOf(to, file)));
}

/**
 * @param {To} to
 * @param {File} file
 * @param {string} id
 */
export function remember(to, file, id) {
  withStorage((storage) => storage.setItem(keyOf(to, file), id));
}

/**
 * @param {To} to
 * @param {File} file
 */
export function forget(to, file) {
  withStorage((storage) => storage.removeItem(keyOf(to, file)));
}

/**
 * A browser may keep nothing, or be full: then nothing is remembered.
 * @template T
 * @param {(storage: Storage) => T} use
 * @returns {T | null}
 */
function withStorage(use) {
  try {
    return use(window.localStorage);
  } catch {
    return null;
  }
}
