// @ts-check
/**
 * Whose session this browser has, and the token that a change from this page carries.
 *
 * Another tab may begin a new session. This page goes on with one of its own person; one of
 * somebody else would put their name to what was typed here.
 */

import { fetchTraced } from "./traced.js";

let ours = true;

/** Whether this page's person is signed in, as far as is known. */
export const isOurs = () => ours;

export const token = () => metaOf("csrf-token")?.getAttribute("content") ?? "";

/**
 * Ask how many seconds are left, which does not count as being there; and go on with that session.
 *
 * @returns {Promise<{left: number, isOurs: boolean} | null>} nothing where nobody answers
 */
export async function askSession() {
  try {
    const answer = await fetchTraced("/session", { headers: { Accept: "application/json" } });
    if (!answer.ok) {
      return null;
    }
    const { user, left, csrf } = await answer.json();
    ours = user === metaOf("user-id")?.getAttribute("content");
    if (ours) {
      take(csrf);
    }
    return { left, isOurs: ours };
  } catch {
    return null;
  }
}

/** @param {string} fresh */
function take(fresh) {
  metaOf("csrf-token")?.setAttribute("content", fresh);
  document.querySelectorAll("input[name=csrf_token]").forEach((field) => field.setAttribute("value", fresh));
}

/** @param {string} name */
const metaOf = (name) => document.querySelector(`meta[name=${name}]`);
