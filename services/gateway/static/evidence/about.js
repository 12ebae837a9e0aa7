// @ts-check
/** What is said of the files that are sent: which piece of the work they are, and for whom. */

/** @typedef {{ piece: string | null, exemption: boolean, candidates: string[] }} About */

/**
 * @param {HTMLFormElement} form
 * @returns {About} as it is chosen now
 */
export function aboutOf(form) {
  const chosen = new FormData(form);
  return {
    piece: String(chosen.get("piece") ?? "") || null,
    exemption: chosen.has("exemption"),
    candidates: chosen.getAll("candidates").map(String),
  };
}

/**
 * A note of exemption is one file: the next is none, unless it is said again.
 * @param {HTMLFormElement} form
 */
export function takeExemption(form) {
  const box = form.elements.namedItem("exemption");
  if (box instanceof HTMLInputElement) {
    box.checked = false;
  }
}

/**
 * The same for the address that takes a file whole; one that is there already is not kept again.
 * @param {About} about
 */
export function queryOf({ piece, exemption, candidates }) {
  const query = new URLSearchParams({ once: "true" });
  if (piece) {
    query.set("piece", piece);
  }
  if (exemption) {
    query.set("exemption", "true");
  }
  if (candidates.length) {
    query.set("candidates", candidates.join(","));
  }
  return query.toString();
}
