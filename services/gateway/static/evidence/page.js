// @ts-check
/** The evidence page with script: files are sent as they are chosen, and the lists follow. */

import { installDelete } from "./delete.js";
import { Queue } from "./queue.js";
import { required } from "./words.js";

const queue = new Queue();

for (const form of document.querySelectorAll("form[data-upload]")) {
  if (form instanceof HTMLFormElement) {
    takeOver(form);
  }
}
installDelete();

window.addEventListener("beforeunload", (event) => {
  if (queue.busy) {
    event.preventDefault();
  }
});

/** @param {HTMLFormElement} form */
function takeOver(form) {
  const input = form.querySelector("input[type=file]");
  const to = {
    address: form.dataset.upload ?? "",
    list: required(form.querySelector("[data-rows]")),
    heading: required(form.closest("section")?.querySelector("h2") ?? null),
  };
  required(form.querySelector("[type=submit]")).hidden = true;
  form.addEventListener("submit", (event) => event.preventDefault());
  if (input instanceof HTMLInputElement) {
    input.addEventListener("change", () => {
      const chosen = [...(input.files ?? [])];
      input.value = "";
      for (const file of chosen) {
        queue.add(file, to);
      }
    });
  }
}
