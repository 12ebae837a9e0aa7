// @ts-check
/**
 * Errors of this page's scripts, told to the server: what kind, and where in our own files.
 *
 * The message stays here: browsers quote in it what was being read, and that may be a mark or a
 * name. It is told with the trace of the last request, which is often what led to it.
 */

import { fetchTraced, latestTraceparent } from "./traced.js";

const MOST = 5;
const FRAMES = 10;
const FRAME = /\/static\/[0-9a-f]+\/([\w/.-]+\.js):(\d+):(\d+)/g;

let told = 0;

addEventListener("error", ({ error, filename, lineno, colno }) =>
  tell(error, `${filename}:${lineno}:${colno}`),
);
addEventListener("unhandledrejection", ({ reason }) => tell(reason, ""));

/**
 * @param {unknown} error whatever was thrown
 * @param {string} place where, should it not know that itself
 */
function tell(error, place) {
  told += 1;
  if (told > MOST) {
    return;
  }
  const known = error instanceof Error || error instanceof DOMException;
  const where = framesOf((known && error.stack) || "");
  const body = { error: known ? error.name : "", where: where.length ? where : framesOf(place) };
  fetchTraced("/troubles/script", {
    method: "POST",
    headers: { "Content-Type": "application/json", traceparent: latestTraceparent() },
    body: JSON.stringify(body),
    keepalive: true,
  }).catch(() => {});
}

/** @param {string} text */
const framesOf = (text) =>
  Array.from(text.matchAll(FRAME), ([, file, line, column]) => `${file}:${line}:${column}`).slice(0, FRAMES);
