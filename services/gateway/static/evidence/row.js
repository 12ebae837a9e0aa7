// @ts-check
/** The line of one file on its way: its name, how far it is, cancel, try again. */

import { announce, required, word } from "./words.js";

let made = 0;

export class Row {
  /**
   * @param {File} file
   * @param {Element} list where the line is added
   * @param {{ cancel: () => void, retry: () => void, dismiss: () => void }} on
   */
  constructor(file, list, on) {
    this.file = file;
    const template = document.querySelector("#upload-row");
    const copy = template instanceof HTMLTemplateElement ? template.content.cloneNode(true) : null;
    list.append(/** @type {Node} */ (copy));
    this.line = required(list.lastElementChild);
    this.cancelButton = this.#part("[data-cancel]");
    this.retryButton = this.#part("[data-retry]");
    this.dismissButton = this.#part("[data-dismiss]");
    this.#name();
    this.cancelButton.addEventListener("click", on.cancel);
    this.retryButton.addEventListener("click", on.retry);
    this.dismissButton.addEventListener("click", on.dismiss);
    this.waits();
  }

  /** @param {string} selector */
  #part(selector) {
    return required(this.line.querySelector(selector));
  }

  /** The name of the file, also in the names of its buttons and of its bar. */
  #name() {
    made += 1;
    const name = this.#part("[data-name]");
    name.id = `upload-${made}`;
    name.textContent = this.file.name;
    this.#part("progress").setAttribute("aria-labelledby", name.id);
    const buttons = [this.cancelButton, this.retryButton, this.dismissButton];
    for (const [number, button] of buttons.entries()) {
      button.id = `${name.id}-${number}`;
      button.setAttribute("aria-labelledby", `${button.id} ${name.id}`);
    }
  }

  waits() {
    this.#show({ bar: true, retry: false, error: "" });
    this.#part("[data-state]").textContent = word("waiting");
  }

  /** @param {number} sent 0 to 1 */
  progresses(sent) {
    const percent = Math.floor(sent * 100);
    const bar = this.#part("progress");
    if (bar instanceof HTMLProgressElement) {
      bar.value = percent;
    }
    this.#part("[data-state]").textContent = `${percent} %`;
  }

  /** @param {string} why */
  fails(why) {
    const focused = this.line.contains(document.activeElement);
    this.#show({ bar: false, retry: true, error: why });
    this.#part("[data-state]").textContent = "";
    announce(`${this.file.name}: ${why}`);
    if (focused) {
      this.retryButton.focus();
    }
  }

  /** @param {HTMLElement} next what takes the focus, where it was on this line */
  succeeds(next) {
    announce(`${this.file.name}: ${word("done")}`);
    this.leaves(next);
  }

  /** @param {HTMLElement} next */
  leaves(next) {
    const focused = this.line.contains(document.activeElement);
    this.line.remove();
    if (focused) {
      next.focus();
    }
  }

  /** @param {{ bar: boolean, retry: boolean, error: string }} shown */
  #show({ bar, retry, error }) {
    this.#part("progress").hidden = !bar;
    this.cancelButton.hidden = !bar;
    this.retryButton.hidden = !retry;
    this.dismissButton.hidden = !retry;
    this.#part("[data-error]").hidden = !error;
    this.#part("[data-error]").textContent = error;
  }
}
