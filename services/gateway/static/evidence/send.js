// @ts-check
/** Sending one thing, with its progress; `fetch` tells of no progress, so it is XMLHttpRequest. */

import { token } from "../session.js";
import { fetchTraced, traceparent } from "../traced.js";

/**
 * How it ended: `status` is 0 where no answer came, `detail` is the service's reason; `stopped`
 * says that it was the user who ended it, and `changed` that the file was no longer what it was.
 * @typedef {{ status: number, detail: string, stopped: boolean, changed?: boolean }} Ended
 * @typedef {{ ended: Promise<Ended>, stop: () => void }} Sending
 * @typedef {{ status: number, detail: string, body: any }} Answer
 */

/**
 * A small file as a form, whole.
 * @param {string} address
 * @param {File} file
 * @param {(sent: number) => void} onProgress told how many bytes are sent
 * @returns {Sending}
 */
export function sendWhole(address, file, onProgress) {
  let stopped = false;
  let stop = () => {
    stopped = true;
  };
  const send = async () => {
    const content = await read(file);
    if (content === null) {
      return { status: 0, detail: "", stopped, changed: true };
    }
    if (stopped) {
      return { status: 0, detail: "", stopped };
    }
    const form = new FormData();
    form.append("file", new File([content], file.name, { type: file.type }), file.name);
    const sending = request("POST", address, form, onProgress);
    stop = sending.stop;
    return sending.ended;
  };
  return { ended: send(), stop: () => stop() };
}

/**
 * @param {string} method
 * @param {string} address
 * @param {XMLHttpRequestBodyInit} body
 * @param {(sent: number) => void} onProgress
 * @param {Record<string, string>} [headers] those of a call to a service, unless others are given
 * @returns {Sending}
 */
export function request(method, address, body, onProgress, headers = ours()) {
  const asked = new XMLHttpRequest();
  asked.open(method, address);
  for (const [name, value] of Object.entries(headers)) {
    asked.setRequestHeader(name, value);
  }
  asked.upload.addEventListener("progress", (event) => onProgress(event.loaded));
  const ended = new Promise((resolve) => {
    const end = (/** @type {boolean} */ stopped) =>
      resolve({ status: asked.status, detail: detailOf(asked.responseText), stopped });
    asked.addEventListener("load", () => end(false));
    asked.addEventListener("error", () => end(false));
    asked.addEventListener("abort", () => end(true));
  });
  asked.send(body);
  return { ended, stop: () => asked.abort() };
}

/**
 * @param {string} method
 * @param {string} address
 * @param {object} [body]
 * @returns {Promise<Answer>} `status` is 0 where no answer came
 */
export async function call(method, address, body) {
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

export function ours() {
  return { "X-CSRF-Token": token(), Accept: "application/json", traceparent: traceparent() };
}

/**
 * What is in a file; null where it cannot be read any more, since it changed or is gone.
 * @param {Blob} file
 */
export async function read(file) {
  try {
    return await file.arrayBuffer();
  } catch {
    return null;
  }
}

/** @param {string} text */
export function detailOf(text) {
  try {
    return String(JSON.parse(text).detail ?? "");
  } catch {
    return "";
  }
}
