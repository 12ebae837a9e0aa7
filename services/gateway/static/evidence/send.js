// @ts-check
/** Sending one file, with its progress; `fetch` tells of no progress, so it is XMLHttpRequest. */

import { token } from "./words.js";

/**
 * How it ended: `status` is 0 where no answer came, `detail` is the service's reason.
 * @typedef {{ status: number, detail: string, cancelled: boolean }} Ended
 */

/**
 * @param {string} address
 * @param {File} file
 * @param {(sent: number) => void} onProgress told what part of the file is sent, 0 to 1
 * @returns {{ ended: Promise<Ended>, cancel: () => void }}
 */
export function send(address, file, onProgress) {
  const request = new XMLHttpRequest();
  request.open("POST", address);
  request.setRequestHeader("X-CSRF-Token", token);
  request.setRequestHeader("Accept", "application/json");
  request.upload.addEventListener("progress", (event) => {
    onProgress(event.lengthComputable ? event.loaded / event.total : 0);
  });
  const form = new FormData();
  form.append("file", file, file.name);
  const ended = new Promise((resolve) => {
    const end = (/** @type {boolean} */ cancelled) =>
      resolve({ status: request.status, detail: detailOf(request.responseText), cancelled });
    request.addEventListener("load", () => end(false));
    request.addEventListener("error", () => end(false));
    request.addEventListener("abort", () => end(true));
  });
  request.send(form);
  return { ended, cancel: () => request.abort() };
}

/** @param {string} text */
export function detailOf(text) {
  try {
    return String(JSON.parse(text).detail ?? "");
  } catch {
    return "";
  }
}
