// @ts-check
/**
 * Saves rows in the order in which they were left: one request at a time, with all that has come
 * together meanwhile. What is not answered is sent again until it is.
 *
 * @typedef {import("./row.js").Row} Row
 * @typedef {"" | "saving" | "offline" | "signed-out"} State
 */

import { patch } from "./api.js";

const ROWS_AT_ONCE = 100;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
const TOO_MANY = 429;
const UNAUTHORIZED = 401;
const LOWEST_ERROR = 400;
const LOWEST_FAULT = 500;

export class Saver {
  /**
   * @param {string} address of the marksheet
   * @param {{state: (state: State) => void, added: (row: Row) => void, drawn: (row: Row) => void, saved: (row: Row, complete: boolean) => void}} tell
   */
  constructor(address, tell) {
    this.address = address;
    this.tell = tell;
    /** @type {State} */
    this.state = "";
    this.wait = FIRST_WAIT_MS;
    /** @type {Set<Row>} */
    this.queue = new Set();
    /** Ends a pause. */
    this.wake = () => {};
    this.work = Promise.resolve();
  }

  /** @param {Row} row */
  add(row) {
    this.queue.add(row);
    this.tell.added(row);
    if (!this.state) {
      this.#become("saving");
      this.work = this.#run();
    }
  }

  /** Whether something is in the way of saving. */
  get isStuck() {
    return this.state === "offline" || this.state === "signed-out";
  }

  /** Ends when there is nothing more to save. */
  async done() {
    while (this.state) {
      await this.work;
    }
  }

  /**
   * All of these rows or none, apart from the others: nothing else is to be on its way.
   *
   * @param {Row[]} rows
   * @param {string} how they were made
   * @returns {Promise<import("./api.js").Answer>}
   */
  async together(rows, how) {
    this.#become("saving");
    const candidates = rows.map((row) => row.begin());
    const answer = await patch(`${this.address}?atomic=true`, { candidates, how });
    if (answer.status < LOWEST_ERROR && answer.status) {
      this.#deliver(rows, answer.status, answer.body);
    } else {
      rows.forEach((row) => row.again());
    }
    this.work = this.#run();
    await this.work;
    return answer;
  }

  /** @param {State} state */
  #become(state) {
    if (this.state !== state) {
      this.state = state;
      this.tell.state(state);
    }
  }

  async #run() {
    // What is left in one go (a row's last cell and its initials, say) goes in one request.
    await null;
    while (this.queue.size) {
      const rows = [...this.queue].slice(0, ROWS_AT_ONCE);
      rows.forEach((row) => this.queue.delete(row));
      await this.#send(rows);
    }
    this.#become("");
  }

  /** @param {Row[]} rows */
  async #send(rows) {
    const changes = new Map(rows.map((row) => [row, row.begin()]));
    const sent = rows.filter((row) => changes.get(row));
    if (!sent.length) {
      return;
    }
    sent.forEach((row) => this.tell.drawn(row));
    const answer = await patch(this.address, { candidates: sent.map((row) => changes.get(row)) });
    const { status } = answer;
    if (status === UNAUTHORIZED) {
      await this.#pause(sent, "signed-out", LONGEST_WAIT_MS);
    } else if (!status || status === TOO_MANY || status >= LOWEST_FAULT) {
      await this.#pause(sent, "offline", Math.max(this.wait, answer.after * 1000));
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
    } else {
      this.wait = FIRST_WAIT_MS;
      this.#become("saving");
      this.#deliver(sent, status, answer.body);
    }
  }

  /**
   * Put the rows back and wait; every wait ends early when `wake` is called.
   *
   * @param {Row[]} rows
   * @param {State} state
   * @param {number} ms
   */
  async #pause(rows, state, ms) {
    rows.forEach((row) => row.again());
    this.queue = new Set([...rows, ...this.queue]);
    rows.forEach((row) => this.tell.drawn(row));
    this.#become(state);
    await new Promise((resolve) => {
      this.wake = () => resolve(undefined);
      setTimeout(resolve, ms);
    });
  }

  /** @param {Row[]} rows @param {number} status @param {Record<string, any>} body */
  #deliver(rows, status, body) {
    const all = status >= LOWEST_ERROR;
    const saved = new Map((body.saved ?? []).map((/** @type {any} */ one) => [one.candidate_no, one]));
    const refused = new Map((body.refused ?? []).map((/** @type {any} */ one) => [one.candidate_no, one]));
    for (const row of rows) {
      const kept = saved.get(row.number);
      if (kept) {
        row.accept(kept);
        this.tell.saved(row, kept.complete);
      } else {
        row.refuse((!all && refused.get(row.number)) || { status, detail: body.detail ?? "" });
      }
      if (row.dirty.length) {
        this.queue.add(row);
      }
      this.tell.drawn(row);
    }
  }
}
