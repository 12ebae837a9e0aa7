// @ts-check
/** The files waiting to be sent, of all candidates: one after another. */

import { refresh } from "../refresh.js";
import { queryOf } from "./about.js";
import { Parts } from "./parts.js";
import { Row } from "./row.js";
import { sendWhole } from "./send.js";
import { largest, partSize, word } from "./words.js";

const THERE_ALREADY = 200;
const SIGNED_OUT = 401;
const CONFLICT = 409;
const TOO_LARGE = 413;
const SERVER = 500;

/**
 * Where files go: `address` takes small ones whole, `parts` large ones of this `candidate`.
 * @typedef {{ address: string, parts: string, candidate: string, list: Element,
 *   heading: HTMLElement, about: import("./about.js").About }} To
 * @typedef {{ row: Row, to: To, sender: Parts | null, wish: "" | "pause" | "cancel" }} Job
 */

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
   * @param {To} to
   */
  add(file, to) {
    const row = new Row(file, to.list, {
      cancel: () => this.#end(job, "cancel"),
      pause: () => this.#end(job, "pause"),
      retry: () => {
        this.#enqueue(job);
        row.cancelButton.focus();
      },
      dismiss: () => {
        job.sender?.giveUp();
        row.leaves(to.heading);
      },
    });
    /** @type {Job} */
    const job = { row, to, sender: this.#senderOf(file, to, row), wish: "" };
    this.#enqueue(job);
  }

  /**
   * @param {File} file
   * @param {To} to
   * @param {Row} row
   */
  #senderOf(file, to, row) {
    if (file.size <= partSize) {
      return null;
    }
    return new Parts(to, file, {
      progress: (sent) => row.progresses(sent),
      lost: () => row.waitsForNetwork(),
    });
  }

  /** @param {Job} job */
  #enqueue(job) {
    const { file } = job.row;
    const why = file.size > largest ? word("large") : file.size ? "" : word("empty");
    if (why) {
      job.row.fails(why);
      return;
    }
    job.wish = "";
    job.row.waits(job.sender !== null);
    this.#waiting.push(job);
    this.#next();
  }

  /**
   * @param {Job} job
   * @param {"pause" | "cancel"} wish
   */
  #end(job, wish) {
    job.wish = wish;
    if (job === this.#current) {
      this.#stop();
      return;
    }
    this.#waiting = this.#waiting.filter((one) => one !== job);
    this.#isStopped(job);
  }

  async #next() {
    if (this.#current || !this.#waiting.length) {
      return;
    }
    const job = /** @type {Job} */ (this.#waiting.shift());
    this.#current = job;
    await this.#conclude(job, await this.#send(job));
    this.#current = null;
    this.#next();
  }

  /** @param {Job} job */
  #send({ row, to, sender }) {
    if (sender) {
      this.#stop = () => sender.stop();
      return sender.send();
    }
    const sending = sendWhole(`${to.address}?${queryOf(to.about)}`, row.file, (sent) => row.progresses(sent));
    this.#stop = sending.stop;
    return sending.ended;
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
      if (job.wish) {
        this.#isStopped(job);
      } else {
        job.row.fails(reason(ended, job.sender !== null));
      }
    }
    // Also after a failure: where only the answer was lost, the file is there.
    await refresh(word("page"));
    if (succeeded) {
      const said = ended.status === THERE_ALREADY ? word("already") : word("done");
      job.row.succeeds(job.to.heading, said);
    }
  }

  /** @param {Job} job */
  #isStopped(job) {
    if (job.wish === "pause") {
      job.row.pauses();
      return;
    }
    job.sender?.giveUp();
    job.row.fails(word("cancelled"));
  }
}

/**
 * Why it failed, and what to try.
 * @param {import("./send.js").Ended} ended
 * @param {boolean} isKept whether what has arrived of it is kept
 */
function reason({ status, detail, changed }, isKept) {
  if (changed) {
    return word("changed");
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
  return `${why} ${isKept ? word("kept") : word("hint")}`;
}
