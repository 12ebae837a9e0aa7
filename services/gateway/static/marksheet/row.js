// @ts-check
/**
 * One candidate's row: what the service has stored, and what has been typed since.
 *
 * @typedef {import("./values.js").Texts} Texts
 * @typedef {{candidate_no: string, version: number, complete: boolean, initials?: string}} Saved
 * @typedef {{candidate_no: string, status: number, detail: string,
 *   errors?: {pointer: string, detail: string}[], current?: Record<string, any>}} Refused
 */

import { changeOf, codedKey, keyAt, settled, textsOf, tidy } from "./values.js";

export class Row {
  /**
   * @param {string} number the candidate's
   * @param {string} name
   * @param {number} version
   * @param {Texts} stored
   */
  constructor(number, name, version, stored) {
    this.number = number;
    this.name = name;
    this.version = version;
    this.locked = false;
    this.stored = stored;
    /** What the cells hold, as they were left. */
    this.wanted = { ...stored };
    /** @type {Map<string, string>} why a cell was refused */
    this.refused = new Map();
    /** @type {Map<string, string>} what somebody else has put where this was typed */
    this.conflicts = new Map();
    /** @type {Texts | null} what is on its way: the cells that were changed */
    this.sent = null;
  }

  get keys() {
    return Object.keys(this.stored);
  }

  /** The cells that are to be saved: not those that wait for a decision. */
  get dirty() {
    return this.keys.filter(
      (key) =>
        this.wanted[key] !== this.stored[key] &&
        !this.refused.has(key) &&
        !this.conflicts.has(key),
    );
  }

  /** Whether anything typed is not stored, for whatever reason. */
  get unsaved() {
    return this.keys.some((key) => this.wanted[key] !== this.stored[key]);
  }

  /** The first cell that needs somebody to look at it. */
  get problem() {
    return this.keys.find((key) => this.refused.has(key) || this.conflicts.has(key));
  }

  /** A cell was left with this in it. @param {string} key @param {string} text */
  want(key, text) {
    this.wanted[key] = text;
    this.settle(key);
  }

  /** A decision was made about a cell. @param {string} key */
  settle(key) {
    this.refused.delete(key);
    this.conflicts.delete(key);
  }

  /** Back to what is stored. @param {string} key */
  restore(key) {
    this.want(key, this.stored[key]);
  }

  /** What to send now, or nothing. */
  begin() {
    const { dirty } = this;
    if (!dirty.length) {
      return null;
    }
    this.sent = Object.fromEntries(dirty.map((key) => [key, this.wanted[key]]));
    return { candidate_no: this.number, version: this.version, ...changeOf(this.#asked()) };
  }

  /** It was not answered: it is to be sent again. */
  again() {
    this.sent = null;
  }

  /** The row that was asked for. */
  #asked() {
    return settled({ ...this.stored, ...this.sent }, this.stored);
  }

  /** @param {Saved} saved */
  accept(saved) {
    const kept = tidy(this.#asked());
    if ("initials" in kept && saved.initials !== undefined) {
      kept.initials = saved.initials;
    }
    this.version = saved.version;
    this.#store(kept, this.sent ?? {});
    this.sent = null;
  }

  /** @param {Refused} refused */
  refuse(refused) {
    const sent = this.sent ?? {};
    if (refused.current?.locked) {
      this.locked = true;
    } else if (refused.current) {
      this.#merge(refused.current, sent);
      this.sent = null;
      return;
    }
    for (const { pointer, detail } of refused.errors ?? []) {
      const key = keyAt(pointer, sent);
      if (key) {
        this.refused.set(key, detail);
      }
    }
    if (!Object.keys(sent).some((key) => this.refused.has(key))) {
      Object.keys(sent).forEach((key) => this.refused.set(key, refused.detail));
    }
    this.#outdated(sent);
  }

  /** A cell that has been typed in again since is not the one that was refused. @param {Texts} sent */
  #outdated(sent) {
    Object.keys(sent)
      .filter((key) => this.wanted[key] !== sent[key])
      .forEach((key) => this.refused.delete(key));
    this.sent = null;
  }

  /**
   * A colleague's work, or our own come round. Not while a save of ours is on its way: its answer
   * tells.
   *
   * @param {Record<string, any>} current
   * @returns {boolean} whether the row knows it now
   */
  hear(current) {
    if (this.sent) {
      return false;
    }
    this.locked = current.locked;
    if (current.version > this.version) {
      const unsaved = this.keys.filter((key) => this.wanted[key] !== this.stored[key]);
      this.#merge(current, Object.fromEntries(unsaved.map((key) => [key, this.wanted[key]])));
    }
    return true;
  }

  /**
   * Somebody else has saved this row: only where both changed the same must a person decide.
   *
   * @param {Record<string, any>} current
   * @param {Texts} sent what is asked for here, and not stored
   */
  #merge(current, sent) {
    const theirs = textsOf(current, this.keys);
    const codesDiffer = codedKey(theirs) !== codedKey(this.stored);
    for (const key of Object.keys(sent)) {
      if (codesDiffer || theirs[key] !== this.stored[key]) {
        this.refused.delete(key);
        this.conflicts.set(key, current.code ?? theirs[key]);
      }
    }
    this.version = current.version;
    this.#store(theirs, {});
    Object.keys(sent)
      .filter((key) => this.wanted[key] === this.stored[key])
      .forEach((key) => this.settle(key));
  }

  /**
   * This is stored now; a cell shows it unless something else has been typed there.
   *
   * @param {Texts} kept
   * @param {Texts} saved what had been typed, and is in it
   */
  #store(kept, saved) {
    for (const key of this.keys) {
      const isUntouched = this.wanted[key] === this.stored[key];
      if (isUntouched || this.wanted[key] === saved[key]) {
        this.wanted[key] = kept[key];
      }
    }
    this.stored = kept;
  }
}
