// @ts-check
/** Where the parts of a file go straight to the store: asked of the service, several at once. */

import { call } from "./send.js";

// They are good for a quarter of an hour; a part may take a while on its way.
const GOOD_MS = 10 * 60 * 1000;

export class Addresses {
  /** Whether the store is reached; once it was not, parts go through the service. */
  work = true;

  /** Those of the part `first` and of the ones after it. */
  #known = { first: 0, urls: [""], until: 0 };

  #asked = Promise.resolve("");

  /**
   * @param {string} at where the service tells it
   * @param {number} number of the part
   * @returns {Promise<string>} empty where the part is to go through the service
   */
  of(at, number) {
    // One question after another: the answer to the first is that to the others, too.
    this.#asked = this.#asked.then(() => (this.work ? this.#find(at, number) : ""));
    return this.#asked;
  }

  /**
   * @param {string} at
   * @param {number} number
   */
  async #find(at, number) {
    const { first, urls, until } = this.#known;
    const known = Date.now() < until ? urls[number - first] : "";
    if (known) {
      return known;
    }
    const { body } = await call("GET", at);
    this.work = body !== null;
    if (body) {
      this.#known = { first: number, urls: [body.url, ...body.following], until: Date.now() + GOOD_MS };
    }
    return body?.url ?? "";
  }
}
