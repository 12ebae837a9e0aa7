// @ts-check
/** How fast a file is sent and how long it will take: told in the reader's language. */

import { word } from "./words.js";

// The last so many seconds tell how fast it is now.
const WINDOW_MS = 8000;
const MEGABYTE = 1e6;
const MINUTE = 60;
const HOUR = 3600;

export class Pace {
  /** @type {{ at: number, sent: number }[]} */
  #seen = [];

  /** @param {number} size in bytes */
  constructor(size) {
    this.size = size;
  }

  /** Begin anew: what was sent before a break says nothing of how fast it is now. */
  reset() {
    this.#seen = [];
  }

  /**
   * @param {number} sent in bytes
   * @param {number} now in milliseconds
   */
  tell(sent, now = performance.now()) {
    this.#seen.push({ at: now, sent });
    while (this.#seen.length > 2 && now - this.#seen[0].at > WINDOW_MS) {
      this.#seen.shift();
    }
    const percent = show(Math.floor((100 * sent) / this.size), "percent");
    const { at, sent: before } = this.#seen[0];
    const perSecond = (1000 * (sent - before)) / Math.max(1, now - at);
    if (now - at < 1000 || perSecond <= 0) {
      return percent;
    }
    const speed = show(perSecond / MEGABYTE, "megabyte-per-second");
    return word("pace")
      .replace("{percent}", percent)
      .replace("{speed}", speed)
      .replace("{left}", duration((this.size - sent) / perSecond));
  }
}

/** @param {number} seconds */
function duration(seconds) {
  if (seconds < MINUTE) {
    return show(Math.ceil(seconds), "second");
  }
  return seconds < HOUR
    ? show(Math.ceil(seconds / MINUTE), "minute")
    : show(seconds / HOUR, "hour");
}

/**
 * @param {number} value
 * @param {string} unit
 */
function show(value, unit) {
  const digits = value < 10 && !Number.isInteger(value) ? 1 : 0;
  const how = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: digits };
  const language = document.documentElement.lang;
  return new Intl.NumberFormat(language, /** @type {any} */ (how)).format(value);
}
