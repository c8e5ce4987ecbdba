// The page in a deck, read only: what it shows stands in the deck itself, and nothing is asked of anybody.
import { gridPort } from "./grid.js";
import { inside } from "./inside.js";
import { mount } from "./planner.js";

// The data of an element of the deck.
function dataOf(page, id) {
  return JSON.parse(page.getElementById(id).textContent);
}

export function show(page) {
  const place = page.getElementById("tiercurve-view");
  place.replaceChildren();
  return mount(inside(place, dataOf(page, "tiercurve-view-style")), gridPort(dataOf(page, "tiercurve-view-answers")));
}

if (globalThis.document?.getElementById("tiercurve-view")) show(document);
