// @ts-check
/**
 * Reading and saving over HTTP, with the browser's cookie and the token of the page's forms.
 *
 * @typedef {{status: number, body: Record<string, any>, after: number}} Answer
 *   status 0 is no answer at all; `after` how many seconds to wait before asking again
 */

import { fetchTraced } from "../traced.js";

const PATIENCE_MS = 30_000;
const MOST_KEPT_ALIVE = 30_000;
const token = document.querySelector("meta[name=csrf-token]");

/** @param {string} address @param {object} body @returns {Promise<Answer>} */
export async function patch(address, body) {
  const answer = await send(address, body);
  const isOldToken = answer.status === 403 && String(answer.body.type).endsWith(":csrf");
  return isOldToken && (await renewToken()) ? send(address, body) : answer;
}

/** @param {string} address @returns {Promise<Answer>} */
export const get = (address) => ask(address, { headers: { Accept: "application/json" } });

/** @param {string} address @param {object} body @returns {Promise<Answer>} */
function send(address, body) {
  const text = JSON.stringify(body);
  return ask(address, {
    method: "PATCH",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": token?.getAttribute("content") ?? "" },
    body: text,
    // A browser refuses to outlive the page with more than 64 KiB.
    keepalive: text.length < MOST_KEPT_ALIVE,
  });
}

/** @param {string} address @param {RequestInit & { headers: Record<string, string> }} options @returns {Promise<Answer>} */
async function ask(address, options) {
  try {
    const response = await fetchTraced(address, { ...options, signal: AbortSignal.timeout(PATIENCE_MS) });
    const after = Number(response.headers.get("Retry-After")) || 0;
    return { status: response.status, body: await read(response), after };
  } catch {
    return { status: 0, body: {}, after: 0 };
  }
}

/** @param {Response} response @returns {Promise<Record<string, any>>} */
async function read(response) {
  try {
    return await response.json();
  } catch {
    return {};
  }
}

/** After signing in again in another tab, this page's token may be of no use any more. */
async function renewToken() {
  try {
    const page = await (await fetchTraced(location.href)).text();
    const fresh = new DOMParser().parseFromString(page, "text/html").querySelector("meta[name=csrf-token]");
    token?.setAttribute("content", fresh?.getAttribute("content") ?? "");
    return fresh !== null;
  } catch {
    return false;
  }
}
