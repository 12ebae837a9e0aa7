// @ts-check
/**
 * Leaving the page: what was typed is saved first, and when it cannot be, the browser asks.
 */

export class Leaving {
  /**
   * @param {() => boolean} isUnsaved whether anything typed is not stored
   * @param {() => Promise<boolean>} save ends when all is saved that can be: whether one may go then
   * @param {() => boolean} isStuck whether saving has to wait
   */
  constructor(isUnsaved, save, isStuck) {
    this.isUnsaved = isUnsaved;
    this.save = save;
    this.isStuck = isStuck;
    this.isGoing = false;
    document.addEventListener("click", (event) => this.#onClick(event));
    document.addEventListener("submit", (event) => this.#onSubmit(event));
    addEventListener("beforeunload", (event) => this.#onUnload(event));
    addEventListener("pageshow", (event) => event.persisted && location.reload());
  }

  /** @param {BeforeUnloadEvent} event */
  #onUnload(event) {
    if (this.isUnsaved()) {
      this.save();
      event.preventDefault();
    }
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    const isPlain = !event.button && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (link instanceof HTMLAnchorElement && isPlain && !link.target && !isHere(link)) {
      this.#first(event, () => location.assign(link.href));
    }
  }

  /** @param {SubmitEvent} event */
  #onSubmit(event) {
    const form = event.target;
    if (form instanceof HTMLFormElement && form.method !== "dialog") {
      this.#first(event, () => {
        this.isGoing = true;
        form.requestSubmit(event.submitter);
        this.isGoing = false;
      });
    }
  }

  /** Save, then do what was asked for. @param {Event} event @param {() => void} then */
  #first(event, then) {
    if (!event.defaultPrevented && !this.isGoing && this.isUnsaved() && !this.isStuck()) {
      event.preventDefault();
      this.save().then((mayGo) => mayGo && then());
    }
  }
}

/** Whether a link only goes to another place on this page. @param {HTMLAnchorElement} link */
function isHere(link) {
  return link.hash !== "" && link.pathname === location.pathname && link.search === location.search;
}
