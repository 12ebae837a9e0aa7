// @ts-check
/**
 * Asking the server, so that its log tells of the request together with all that it caused.
 *
 * Each request is a trace of its own (W3C Trace Context), which the gateway joins. Nothing else of
 * a page calls `fetch`.
 */

const TRACE_BYTES = 16;
const SPAN_BYTES = 8;

let latest = "";

/** @param {number} bytes */
function random(bytes) {
  const drawn = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(drawn, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The header that begins a trace. */
export function traceparent() {
  latest = `00-${random(TRACE_BYTES)}-${random(SPAN_BYTES)}-01`;
  return latest;
}

/** The header of the last request, so that what comes of it is told with it. */
export const latestTraceparent = () => latest || traceparent();

/**
 * As `fetch`, in a trace.
 * @param {string} address
 * @param {RequestInit & { headers?: Record<string, string> }} [options]
 */
export function fetchTraced(address, options = {}) {
  const trace = options.headers?.traceparent ?? traceparent();
  return fetch(address, { ...options, headers: { ...options.headers, traceparent: trace } });
}
