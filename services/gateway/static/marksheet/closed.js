// @ts-check
/** A sheet where nothing is marked any more: what was typed before and never saved is told all the same. */

import { rowsAway, showLost } from "./away.js";
import { element, Rows } from "./cells.js";
import { readTexts } from "./texts.js";
import { WaitingCells } from "./waiting.js";

const closed = element("closed");
const { user = "", sheet = "", marks = "" } = closed.dataset;
const rows = new Rows(/** @type {HTMLTableElement} */ (element("marks")));
const waiting = new WaitingCells(user, sheet);

readTexts(closed);
await rowsAway(marks, rows, waiting);
showLost(rows, waiting);
