// @ts-check
/** The files waiting to be sent, of all candidates: one after another. */

import { refresh } from "./refresh.js";
import { Row } from "./row.js";
import { send } from "./send.js";
import { largest, word } from "./words.js";

const SIGNED_OUT = 401;
const CONFLICT = 409;
const TOO_LARGE = 413;
const SERVER = 500;

/** @typedef {{ row: Row, address: string, heading: HTMLElement }} Job */

export class Queue {
  /** @type {Job[]} */
  #waiting = [];

  /** @type {Job | null} */
  #current = null;

  #stop = () => {};

  get busy() {
    return this.#current !== null;
  }

  /**
   * @param {File} file
   * @param {{ address: string, list: Element, heading: HTMLElement }} to
   */
  add(file, { address, list, heading }) {
    const row = new Row(file, list, {
      cancel: () => this.#cancel(job),
      retry: () => {
        this.#enqueue(job);
        row.cancelButton.focus();
      },
      dismiss: () => row.leaves(heading),
    });
    const job = { row, address, heading };
    this.#enqueue(job);
  }

  /** @param {Job} job */
  #enqueue(job) {
    const { file } = job.row;
    const why = file.size > largest ? word("large") : file.size ? "" : word("empty");
    if (why) {
      job.row.fails(why);
      return;
    }
    job.row.waits();
    this.#waiting.push(job);
    this.#next();
  }

  /** @param {Job} job */
  #cancel(job) {
    if (job === this.#current) {
      this.#stop();
      return;
    }
    this.#waiting = this.#waiting.filter((one) => one !== job);
    job.row.fails(word("cancelled"));
  }

  async #next() {
    if (this.#current || !this.#waiting.length) {
      return;
    }
    const job = /** @type {Job} */ (this.#waiting.shift());
    this.#current = job;
    const sending = send(job.address, job.row.file, (sent) => job.row.progresses(sent));
    this.#stop = sending.cancel;
    const ended = await sending.ended;
    await this.#conclude(job, ended);
    this.#current = null;
    this.#next();
  }

  /**
   * @param {Job} job
   * @param {import("./send.js").Ended} ended
   */
  async #conclude(job, ended) {
    const succeeded = ended.status >= 200 && ended.status < 300;
    if (ended.status === SIGNED_OUT) {
      for (const other of this.#waiting.splice(0)) {
        other.row.fails(word("ended"));
      }
    }
    if (!succeeded) {
      job.row.fails(reason(ended));
    }
    // Also after a failure: where only the answer was lost, the file is there.
    await refresh();
    if (succeeded) {
      job.row.succeeds(job.heading);
    }
  }
}

/**
 * Why it failed, and what to try.
 * @param {import("./send.js").Ended} ended
 */
function reason({ status, detail, cancelled }) {
  if (cancelled) {
    return word("cancelled");
  }
  if (status === SIGNED_OUT) {
    return word("ended");
  }
  if (status === TOO_LARGE) {
    return word("large");
  }
  if (status === CONFLICT) {
    return detail;
  }
  const why = detail || (status >= SERVER ? word("busy") : word("lost"));
  return `${why} ${word("hint")}`;
}
