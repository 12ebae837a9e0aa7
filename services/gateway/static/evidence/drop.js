// @ts-check
/** Files dropped on a place, those in folders too. */

/**
 * @param {HTMLElement} place
 * @param {(files: File[]) => void} take
 */
export function takeDrops(place, take) {
  place.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) {
      event.preventDefault();
      place.classList.add("dropping");
    }
  });
  place.addEventListener("dragleave", () => place.classList.remove("dropping"));
  place.addEventListener("drop", async (event) => {
    place.classList.remove("dropping");
    if (event.dataTransfer?.types.includes("Files")) {
      event.preventDefault();
      take(await filesOf(event.dataTransfer));
    }
  });
}

/** @param {DataTransfer} dropped */
async function filesOf(dropped) {
  // Asked for at once: after the first wait the browser gives none.
  const entries = [...dropped.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  if (!entries.some((entry) => entry?.isDirectory)) {
    return [...dropped.files];
  }
  const found = await Promise.all(entries.map((entry) => (entry ? within(entry) : [])));
  return found.flat();
}

/**
 * @param {FileSystemEntry} entry
 * @returns {Promise<File[]>}
 */
async function within(entry) {
  if (entry.isFile) {
    const file = /** @type {FileSystemFileEntry} */ (entry);
    return [await new Promise((resolve, reject) => file.file(resolve, reject))];
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  const files = [];
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) {
      return files;
    }
    for (const one of some) {
      files.push(...(await within(one)));
    }
  }
}

/** A file dropped beside the places would take the page's own: then nothing happens instead. */
export function missDrops() {
  for (const kind of ["dragover", "drop"]) {
    window.addEventListener(kind, (event) => event.preventDefault());
  }
}
