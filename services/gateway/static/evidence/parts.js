// @ts-check
/**
 * Sending a large file in parts: after a break only what was on its way is sent again.
 * Where the store has a public address, parts go straight there; where that fails, as the others.
 */

import { Addresses } from "./addresses.js";
import { forget, recall, remember } from "./memory.js";
import { call, ours, read, request } from "./send.js";

const GONE = 404;
const CONFLICT = 409;
const MANY = 429;
const SERVER = 500;
// How long is waited before a part is sent again; a minute and a half in all.
const PAUSES_MS = [500, 1000, 2000, 4000, 8000, 15000, 30000, 30000];
// Straight to the store, where the first part took no longer than that: on a slow line several at
// once gain nothing, and more of them is lost in a break.
const AT_ONCE = 3;
const QUICK_MS = 10_000;

/** @typedef {import("./send.js").Ended} Ended */
/**
 * @typedef {{ id: string, size: number, part_size: number, part_count: number, direct: boolean,
 *   parts: { number: number, size: number }[] }} Upload
 * @typedef {{ status: number, detail: string, changed?: boolean }} Said
 */

export class Parts {
  #stopped = false;
  /** @type {Set<() => void>} what ends each thing that is going on */
  #stops = new Set();
  #addresses = new Addresses();
  #done = 0;
  /** @type {Map<number, number>} how many bytes of each part on its way are sent */
  #onWay = new Map();

  /**
   * @param {import("./memory.js").To} to whose `parts` is where uploads of the sheet are begun
   * @param {File} file
   * @param {{ progress: (sent: number) => void, lost: () => void }} on
   */
  constructor(to, file, on) {
    this.to = to;
    this.address = to.parts;
    this.file = file;
    this.on = on;
  }

  stop() {
    this.#stopped = true;
    for (const stop of this.#stops) {
      stop();
    }
  }

  /** Stop, and have nothing of the file kept. */
  async giveUp() {
    this.stop();
    const id = recall(this.to, this.file);
    forget(this.to, this.file);
    if (id) {
      await call("DELETE", `${this.address}/${id}`);
    }
  }

  /** @returns {Promise<Ended>} */
  async send() {
    this.#stopped = false;
    const begun = await this.#patiently(() => this.#begin());
    if (!begun.body) {
      return this.#ended(begun);
    }
    const upload = /** @type {Upload} */ (begun.body);
    const there = new Set(upload.parts.map((part) => part.number));
    this.#done = upload.parts.reduce((sum, part) => sum + part.size, 0);
    this.#onWay.clear();
    this.#tell();
    const left = Array.from({ length: upload.part_count }, (_each, index) => index + 1);
    const failed = await this.#all(upload, left.filter((number) => !there.has(number)));
    return failed ? this.#ended(failed) : this.#complete(upload);
  }

  /**
   * Send what is left: the first alone, which tells what the line is like.
   * @param {Upload} upload
   * @param {number[]} left
   * @returns {Promise<Said | undefined>} what failed
   */
  async #all(upload, left) {
    const began = performance.now();
    const failed = await this.#row(upload, left.splice(0, 1));
    if (failed) {
      return failed;
    }
    const isQuick = performance.now() - began < QUICK_MS;
    const rows = upload.direct && isQuick ? AT_ONCE : 1;
    const all = Array.from({ length: rows }, (_each, row) => this.#row(upload, left, row > 0));
    const ended = await Promise.all(all);
    // Where the file has changed, the others were only stopped.
    return ended.find((said) => said?.changed) ?? ended.find((said) => said);
  }

  /**
   * Take from `left` and send, one after another, until nothing is left or one has failed.
   * @param {Upload} upload
   * @param {number[]} left
   * @param {boolean} isFurther whether it ends where parts go through the service
   * @returns {Promise<Said | undefined>} what failed
   */
  async #row(upload, left, isFurther = false) {
    while (left.length && !(isFurther && !this.#addresses.work)) {
      const number = /** @type {number} */ (left.shift());
      const ended = await this.#patiently(() => this.#part(upload, number));
      if (ended.status < 200 || ended.status >= 300) {
        left.length = 0;
        return ended;
      }
    }
    return undefined;
  }

  #tell() {
    this.on.progress([...this.#onWay.values()].reduce((sum, sent) => sum + sent, this.#done));
  }

  /** The upload that was begun before, from wherever; else a new one. */
  async #begin() {
    const id = recall(this.to, this.file);
    if (id) {
      const known = await call("GET", `${this.address}/${id}`);
      if (known.status !== GONE) {
        return known;
      }
      forget(this.to, this.file);
    }
    const { name, size, type } = this.file;
    const asked = { name, size, candidate_no: this.to.candidate || null, ...this.to.about };
    const begun = await call("POST", this.address, type ? { ...asked, content_type: type } : asked);
    if (begun.body) {
      remember(this.to, this.file, begun.body.id);
    }
    return begun;
  }

  /**
   * @param {Upload} upload
   * @param {number} number
   */
  async #part(upload, number) {
    const start = (number - 1) * upload.part_size;
    const content = await read(this.file.slice(start, start + upload.part_size));
    if (content === null) {
      await this.giveUp();
      return { status: 0, detail: "", stopped: false, changed: true };
    }
    const progress = (/** @type {number} */ sent) => {
      this.#onWay.set(number, sent);
      this.#tell();
    };
    const sending = await this.#sending(upload, number, content, progress);
    this.#stops.add(sending.stop);
    if (this.#stopped) {
      sending.stop();
    }
    const ended = await sending.ended;
    this.#stops.delete(sending.stop);
    this.#onWay.delete(number);
    if (ended.status >= 200 && ended.status < 300) {
      this.#done += content.byteLength;
      this.#tell();
    }
    return ended;
  }

  /**
   * @param {Upload} upload
   * @param {number} number
   * @param {ArrayBuffer} content
   * @param {(sent: number) => void} progress
   */
  async #sending(upload, number, content, progress) {
    const at = `${this.address}/${upload.id}/parts/${number}`;
    const url = upload.direct && (await this.#addresses.of(`${at}/address`, number));
    if (url) {
      const sending = request("PUT", url, new Blob([content]), progress, {});
      sending.ended.then(({ status, stopped }) => {
        // The next try, of any part, goes the other way.
        this.#addresses.work &&= stopped || status === 200;
      });
      return sending;
    }
    const headers = { ...ours(), ...(await digest(content)) };
    return request("PUT", at, new Blob([content]), progress, headers);
  }

  /** @param {Upload} upload */
  async #complete(upload) {
    const at = `${this.address}/${upload.id}/completion`;
    const ended = await this.#patiently(() => call("POST", at, { once: true }));
    if (ended.status < SERVER && ended.status !== 0 && ended.status !== 401) {
      forget(this.to, this.file);
    }
    return this.#ended(ended);
  }

  /**
   * Try again, with growing pauses, what failed for no fault of the file.
   * @template {{ status: number, changed?: boolean }} T
   * @param {() => Promise<T>} attempt
   * @returns {Promise<T>}
   */
  async #patiently(attempt) {
    for (const pause of PAUSES_MS) {
      const ended = await attempt();
      const passing = ended.status === 0 || ended.status === MANY || ended.status >= SERVER;
      if (this.#stopped || ended.changed || !passing) {
        return ended;
      }
      this.on.lost();
      await this.#wait(pause);
    }
    return attempt();
  }

  /**
   * Wait so long, or until the network is back, or until there is nothing to be waited for.
   * @param {number} pause
   */
  #wait(pause) {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        window.removeEventListener("online", end);
        this.#stops.delete(end);
        resolve(undefined);
      };
      const timer = setTimeout(end, pause);
      window.addEventListener("online", end);
      this.#stops.add(end);
    });
  }

  /**
   * @param {Said} ended
   * @returns {Ended}
   */
  #ended({ status, detail, changed }) {
    const over = status === GONE || status === CONFLICT;
    if (over) {
      forget(this.to, this.file);
    }
    return { status, detail, stopped: this.#stopped, changed };
  }
}

/**
 * What the part is known by (RFC 9530), where the browser can tell: it wants a secure connection.
 * @param {ArrayBuffer} content
 */
async function digest(content) {
  if (!window.crypto.subtle) {
    return {};
  }
  const hash = new Uint8Array(await window.crypto.subtle.digest("SHA-256", content));
  return { "Content-Digest": `sha-256=:${btoa(String.fromCharCode(...hash))}:` };
}
