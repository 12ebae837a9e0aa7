// @ts-check
/**
 * Sending a large file in parts: after a break only the part that was on its way is sent again.
 * Where the store has a public address, parts go straight there; where that fails, as the others.
 */

import { fetchTraced } from "../traced.js";
import { forget, recall, remember } from "./memory.js";
import { ours, read, request } from "./send.js";

const GONE = 404;
const CONFLICT = 409;
const MANY = 429;
const SERVER = 500;
// How long is waited before a part is sent again; a minute and a half in all.
const PAUSES_MS = [500, 1000, 2000, 4000, 8000, 15000, 30000, 30000];

// Addresses in the store are good for a quarter of an hour; a part may take a while on its way.
const ADDRESSES_MS = 10 * 60 * 1000;

/** @typedef {import("./send.js").Ended} Ended */
/**
 * @typedef {{ id: string, size: number, part_size: number, part_count: number, direct: boolean,
 *   parts: { number: number, size: number }[] }} Upload
 * @typedef {{ status: number, detail: string, body: any }} Answer
 */

export class Parts {
  #stopped = false;
  #stop = () => {};
  #direct = true;
  #done = 0;
  /** Those of the part `first` and of the ones after it. */
  #addresses = { first: 0, urls: [""], until: 0 };

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
    this.#stop();
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
    this.on.progress(this.#done);
    for (let number = 1; number <= upload.part_count; number += 1) {
      if (!there.has(number)) {
        const ended = await this.#patiently(() => this.#part(upload, number));
        if (ended.status < 200 || ended.status >= 300) {
          return this.#ended(ended);
        }
      }
    }
    return this.#complete(upload);
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
    const progress = (/** @type {number} */ sent) => this.on.progress(this.#done + sent);
    const sending = await this.#sending(upload, number, content, progress);
    this.#stop = sending.stop;
    if (this.#stopped) {
      sending.stop();
    }
    const ended = await sending.ended;
    if (ended.status >= 200 && ended.status < 300) {
      this.#done += content.byteLength;
      this.on.progress(this.#done);
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
    if (upload.direct && this.#direct) {
      const url = await this.#addressOf(`${at}/address`, number);
      // If it fails, the next try goes another way.
      this.#direct = false;
      if (url) {
        const sending = request("PUT", url, new Blob([content]), progress, {});
        sending.ended.then(({ status }) => {
          this.#direct = status === 200;
        });
        return sending;
      }
    }
    const headers = { ...ours(), ...(await digest(content)) };
    return request("PUT", at, new Blob([content]), progress, headers);
  }

  /**
   * Where the store takes a part; asked for several at once.
   * @param {string} at
   * @param {number} number
   */
  async #addressOf(at, number) {
    const { first, urls, until } = this.#addresses;
    const known = Date.now() < until ? urls[number - first] : "";
    if (known) {
      return known;
    }
    const { body } = await call("GET", at);
    if (!body) {
      return "";
    }
    const given = [body.url, ...body.following];
    this.#addresses = { first: number, urls: given, until: Date.now() + ADDRESSES_MS };
    return body.url;
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
      const timer = setTimeout(resolve, pause);
      window.addEventListener("online", resolve, { once: true });
      this.#stop = () => {
        clearTimeout(timer);
        resolve(undefined);
      };
    });
  }

  /**
   * @param {{ status: number, detail: string, changed?: boolean }} ended
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
 * @param {string} method
 * @param {string} address
 * @param {object} [body]
 * @returns {Promise<Answer>} `status` is 0 where no answer came
 */
async function call(method, address, body) {
  try {
    const json = body ? { "Content-Type": "application/json" } : {};
    const asked = { method, headers: { ...ours(), ...json }, body: body && JSON.stringify(body) };
    const answer = await fetchTraced(address, asked);
    const said = await answer.json().catch(() => null);
    return answer.ok
      ? { status: answer.status, detail: "", body: said }
      : { status: answer.status, detail: said?.detail ?? "", body: null };
  } catch {
    return { status: 0, detail: "", body: null };
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
