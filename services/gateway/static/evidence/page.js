// @ts-check
/** The evidence page with script: files are sent as they are chosen, and the lists follow. */

import { aboutOf, takeExemption } from "./about.js";
import { installDelete } from "./delete.js";
import { missDrops, takeDrops } from "./drop.js";
import { keepChoice, piecesOf } from "./pieces.js";
import { Queue } from "./queue.js";
import { required } from "./words.js";

const queue = new Queue();

for (const form of document.querySelectorAll("form[data-upload]")) {
  if (form instanceof HTMLFormElement) {
    takeOver(form);
  }
}
installDelete();
missDrops();

window.addEventListener("beforeunload", (event) => {
  if (queue.busy) {
    event.preventDefault();
  }
});

/** @param {HTMLFormElement} form */
function takeOver(form) {
  const section = required(form.closest("section"));
  const to = {
    address: form.dataset.upload ?? "",
    parts: form.dataset.parts ?? "",
    candidate: form.dataset.candidate ?? "",
    list: required(form.querySelector("[data-rows]")),
    heading: required(section.querySelector("h2")),
  };
  const select = form.querySelector("select[name=piece]");
  const take = async (/** @type {File[]} */ files) => {
    const about = aboutOf(form);
    const pieces = await piecesOf(files, select);
    pieces.forEach((piece, index) => queue.add(files[index], { ...to, about: { ...about, piece } }));
    if (pieces.length) {
      takeExemption(form);
    }
  };
  keepChoice(select);
  required(form.querySelector("[type=submit]")).hidden = true;
  required(form.querySelector("[data-drop]")).hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const input of form.querySelectorAll("input[type=file]")) {
    if (input instanceof HTMLInputElement) {
      input.multiple = !input.hasAttribute("capture");
      input.addEventListener("change", () => {
        const chosen = [...(input.files ?? [])];
        input.value = "";
        take(chosen);
      });
    }
  }
  takeDrops(section, take);
}
