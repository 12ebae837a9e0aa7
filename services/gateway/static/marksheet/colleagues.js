// @ts-check
/**
 * What others save on this sheet is shown as it happens: asked for by the sheet's cursor, often
 * while there is something to see, seldom otherwise, and not at all while nobody is here.
 *
 * @typedef {{paper: {done: number, left: number, candidates: number}, cursor: string,
 *   candidates: Record<string, any>[], withdrawn: string[]}} News
 */

import { get } from "./api.js";

const SHORTEST_MS = 3000;
const LONGEST_MS = 20_000;
// Asking keeps the session alive: a page that nobody touches must not.
const HERE_MS = 300_000;

export class Colleagues {
  /**
   * @param {string} address of the marksheet
   * @param {string} cursor up to where the page shows it
   * @param {{mayAsk: () => boolean, take: (candidate: Record<string, any>) => boolean,
   *   heard: (news: News) => void}} page `take` says whether it could be shown now
   */
  constructor(address, cursor, page) {
    this.address = address;
    this.cursor = cursor;
    this.page = page;
    this.wait = SHORTEST_MS;
    this.touched = performance.now();
    /** @type {Map<string, Record<string, any>>} not shown yet: somebody is typing there */
    this.pending = new Map();
    for (const name of ["keydown", "pointermove"]) {
      document.addEventListener(name, () => (this.touched = performance.now()), { passive: true });
    }
    this.#later();
  }

  #later() {
    setTimeout(() => this.#look(), this.wait);
  }

  get #isSomebodyHere() {
    return document.visibilityState === "visible" && performance.now() - this.touched < HERE_MS;
  }

  async #look() {
    this.#show();
    if (this.#isSomebodyHere && this.page.mayAsk()) {
      const { status, body } = await get(`${this.address}?rows=all&changed_since=${this.cursor}`);
      if (status === 200) {
        this.#hear(/** @type {News} */ (body));
      }
    }
    this.#later();
  }

  /** @param {News} news */
  #hear(news) {
    const isNew = news.cursor !== this.cursor;
    this.wait = isNew ? SHORTEST_MS : Math.min(this.wait * 1.5, LONGEST_MS);
    this.cursor = news.cursor;
    news.candidates.forEach((one) => this.pending.set(one.candidate_no, one));
    this.#show();
    this.page.heard(news);
  }

  #show() {
    for (const [number, candidate] of this.pending) {
      if (this.page.take(candidate)) {
        this.pending.delete(number);
      }
    }
  }
}
