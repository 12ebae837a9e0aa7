// @ts-check
/** The line of one file on its way: its name, how far it is, pause, cancel, try again. */

import { Pace } from "./pace.js";
import { announce, required, word } from "./words.js";

let made = 0;

/** @typedef {{ cancel: () => void, pause: () => void, retry: () => void, dismiss: () => void }} On */
/** @typedef {"sending" | "paused" | "failed"} State */

export class Row {
  /**
   * @param {File} file
   * @param {Element} list where the line is added
   * @param {On} on
   */
  constructor(file, list, on) {
    this.file = file;
    this.pace = new Pace(file.size);
    this.canPause = false;
    const template = document.querySelector("#upload-row");
    const copy = template instanceof HTMLTemplateElement ? template.content.cloneNode(true) : null;
    list.append(/** @type {Node} */ (copy));
    this.line = required(list.lastElementChild);
    this.cancelButton = this.#part("[data-cancel]");
    this.retryButton = this.#part("[data-retry]");
    this.resumeButton = this.#part("[data-resume]");
    this.#name();
    this.cancelButton.addEventListener("click", on.cancel);
    this.retryButton.addEventListener("click", on.retry);
    this.resumeButton.addEventListener("click", on.retry);
    this.#part("[data-pause]").addEventListener("click", on.pause);
    this.#part("[data-dismiss]").addEventListener("click", on.dismiss);
    this.waits(false);
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
    for (const [number, button] of [...this.line.querySelectorAll("button")].entries()) {
      button.id = `${name.id}-${number}`;
      button.setAttribute("aria-labelledby", `${button.id} ${name.id}`);
    }
  }

  /** @param {boolean} canPause */
  waits(canPause) {
    this.canPause = canPause;
    this.pace.reset();
    this.#show("sending", "");
    this.#say(word("waiting"));
  }

  /** The connection is gone: it is tried again. */
  waitsForNetwork() {
    this.pace.reset();
    this.#say(word("again"));
  }

  /** @param {number} sent in bytes; of a form, a little more than the file has */
  progresses(sent) {
    const bounded = Math.min(sent, this.file.size);
    const bar = this.#part("progress");
    if (bar instanceof HTMLProgressElement) {
      bar.value = Math.floor((100 * bounded) / this.file.size);
    }
    this.#say(this.pace.tell(bounded));
  }

  pauses() {
    this.#change("paused", "", this.resumeButton);
    this.#say(word("paused"));
    announce(`${this.file.name}: ${word("paused")}`);
  }

  /** @param {string} why */
  fails(why) {
    this.#change("failed", why, this.retryButton);
    this.#say("");
    announce(`${this.file.name}: ${why}`);
  }

  /**
   * @param {HTMLElement} next what takes the focus, where it was on this line
   * @param {string} said
   */
  succeeds(next, said) {
    announce(`${this.file.name}: ${said}`);
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

  /** @param {string} text */
  #say(text) {
    this.#part("[data-state]").textContent = text;
  }

  /**
   * @param {State} state
   * @param {string} error
   * @param {HTMLElement} next what takes the focus, where it was on this line
   */
  #change(state, error, next) {
    const focused = this.line.contains(document.activeElement);
    this.#show(state, error);
    if (focused) {
      next.focus();
    }
  }

  /**
   * @param {State} state
   * @param {string} error
   */
  #show(state, error) {
    this.#part("progress").hidden = state === "failed";
    this.cancelButton.hidden = state === "failed";
    this.#part("[data-pause]").hidden = state !== "sending" || !this.canPause;
    this.resumeButton.hidden = state !== "paused";
    this.retryButton.hidden = state !== "failed";
    this.#part("[data-dismiss]").hidden = state !== "failed";
    this.#part("[data-error]").hidden = !error;
    this.#part("[data-error]").textContent = error;
  }
}
