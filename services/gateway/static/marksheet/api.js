// @ts-check
/**
 * Reading and saving over HTTP, with the browser's cookie and the token of the page's forms.
 *
 * @typedef {{status: number, body: Record<string, any>, after: number}} Answer
 *   status 0 is no answer at all; `after` how many seconds to wait before asking again
 */

import { look } from "../idle.js";
import { isOurs, token } from "../session.js";
import { fetchTraced } from "../traced.js";

const PATIENCE_MS = 30_000;
const MOST_KEPT_ALIVE = 30_000;
const UNAUTHORIZED = 401;

/**
 * Save in the name of this page's person: while somebody else is signed in here, it is 401 as if
 * nobody were.
 *
 * @param {string} address
 * @param {object} body
 * @returns {Promise<Answer>}
 */
export async function patch(address, body) {
  const answer = isOurs() ? await send(address, body) : null;
  if (answer && !isOldToken(answer)) {
    return answer;
  }
  const session = await look();
  if (session?.isOurs) {
    return send(address, body);
  }
  return { status: session ? UNAUTHORIZED : 0, body: {}, after: 0 };
}

/** After a new sign-in in another tab. @param {Answer} answer */
const isOldToken = ({ status, body }) => status === 403 && String(body.type).endsWith(":csrf");

/** @param {string} address @returns {Promise<Answer>} */
export const get = (address) => ask(address, { headers: { Accept: "application/json" } });

/** @param {string} address @param {object} body @returns {Promise<Answer>} */
function send(address, body) {
  const text = JSON.stringify(body);
  return ask(address, {
    method: "PATCH",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": token() },
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
