// @ts-check
/**
 * Tells when the sample has come; without script the page is loaded again by hand.
 *
 * The stream of events says when to look; where it does not work, looking now and then does.
 */

import { fetchTraced } from "./traced.js";

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15000;
const LOOKS = 30;

/** What happens to the sample of one marksheet, as the stream of events tells it. */
class News {
  /** @param {string} subject */
  constructor(subject) {
    this.wake = () => {};
    this.source = new EventSource("/api/events");
    this.source.addEventListener("message", ({ data }) => {
      const event = JSON.parse(data);
      if (event.subject === subject && event.type.startsWith("iamis.sample.")) {
        this.wake();
      }
    });
  }

  /** The next event, or so many milliseconds. @param {number} wait @returns {Promise<void>} */
  next(wait) {
    return new Promise((resolve) => {
      this.wake = resolve;
      setTimeout(resolve, wait);
    });
  }

  close() {
    this.source.close();
  }
}

for (const box of document.querySelectorAll("[data-sample-state]")) {
  if (box instanceof HTMLElement) {
    watch(box);
  }
}

/** @param {HTMLElement} box */
async function watch(box) {
  const news = new News(box.dataset.sampleSubject ?? "");
  const state = await awaited(box, news);
  news.close();
  if (state) {
    tell(box, state);
  } else {
    say(box, box.dataset.slow ?? "");
  }
}

/**
 * The state that ends the waiting; "" where it did not come.
 * @param {HTMLElement} box
 * @param {News} news
 */
async function awaited(box, news) {
  let wait = FIRST_WAIT_MS;
  for (let look = 0; look < LOOKS; look += 1) {
    await news.next(wait);
    wait = Math.min(wait * 1.5, LONGEST_WAIT_MS);
    const state = await stateOf(box.dataset.sampleState ?? "", box.dataset.submittedAt ?? "");
    if (state === "generated" || state === "waiting" || state === "ended") {
      return state;
    }
  }
  return "";
}

/**
 * The state of the sample; "" where nobody can tell now, "ended" where nobody will.
 * @param {string} address
 * @param {string} submittedAt when what it is to follow was submitted; "" where any will do
 */
async function stateOf(address, submittedAt) {
  try {
    const answer = await fetchTraced(address, { headers: { Accept: "application/json" } });
    if (answer.ok) {
      const { state, last_submitted_at: followed } = await answer.json();
      // What is not a time is behind nothing.
      return Date.parse(followed) < Date.parse(submittedAt) ? "" : String(state);
    }
    return answer.status === 401 ? "ended" : "";
  } catch {
    return "";
  }
}

/**
 * @param {HTMLElement} box
 * @param {string} state
 */
function tell(box, state) {
  if (state === "generated") {
    box.classList.replace("alert-info", "alert-success");
    show(box, "[data-when-ready]", true);
    show(box, "[data-again]", false);
    say(box, box.dataset.ready ?? "");
  } else if (state === "waiting") {
    show(box, "[data-again]", false);
    say(box, box.dataset.waiting ?? "");
    for (const part of document.querySelectorAll("[data-unless-waiting]")) {
      part.remove();
    }
  }
}

/**
 * @param {HTMLElement} box
 * @param {string} selector
 * @param {boolean} shown
 */
function show(box, selector, shown) {
  const part = box.querySelector(selector);
  if (part instanceof HTMLElement) {
    part.hidden = !shown;
  }
}

/**
 * @param {HTMLElement} box
 * @param {string} text
 */
function say(box, text) {
  const said = box.querySelector("[data-said]");
  if (said) {
    said.textContent = text;
  }
}
