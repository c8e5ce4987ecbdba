// The frame of the page, and how trees are put into it: what is as it was is left alone.
import { el, toElement } from "./tree.js";

export const CARDS = ["runs", "chance", "ahead", "weekly", "hours", "costs", "beside", "basis"];

// Put trees into an element, and leave it alone where they are as they were.
export function fill(element, trees) {
  const kept = JSON.stringify(trees);
  if (element.kept === kept) return;
  element.kept = kept;
  element.replaceChildren(...trees.map((tree) => toElement(tree)));
}

// The same for a card, whose open tables stay open and keep the focus.
export function fillCard(element, trees) {
  const open = [...element.querySelectorAll("details")].map((each) => each.open);
  const focused = [...element.querySelectorAll("summary")].indexOf(element.getRootNode().activeElement);
  fill(element, trees);
  element.querySelectorAll("details").forEach((each, i) => (each.open = open[i] ?? false));
  if (focused >= 0) element.querySelectorAll("summary")[focused]?.focus({ preventScroll: true });
}

export function save(name, text, type) {
  const link = toElement(el("a", { download: name, href: URL.createObjectURL(new Blob([text], { type })) }));
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// own : whether the page is a page of its own, with its landmarks, and not a part of another
export function layout(opening, { controls, tools, watch }, own) {
  const make = (name, attributes, ...children) => {
    const element = toElement(el(name, attributes));
    element.append(...children);
    return element;
  };
  const word = (name, attributes, text) => toElement(el(name, attributes, text));
  const notice = make("p", { class: "notice", role: "alert", hidden: true });
  const answer = make("div", { class: "answer", "aria-live": "polite", "aria-atomic": "true" });
  const changes = make("div", { class: "changes" });
  const boxes = Object.fromEntries(CARDS.map((name) => [name, make("section", { class: `card ${name}`, hidden: true })]));
  const grid = make("div", { class: "cards" }, ...Object.values(boxes));
  if (watch) boxes.basis.before(watch);
  const header = make(
    own ? "header" : "div", { class: "head" },
    make("div", { class: "title" }, word("p", { class: "brand" }, `Tiercurve · ${opening.name}`), ...(opening.question ? [word("h1", {}, opening.question)] : [])),
    make("div", { class: "tools", role: "group", "aria-label": "Undo, and take away" }, ...tools),
  );
  const main = make(
    own ? "main" : "div", { class: "columns" },
    make("section", { class: "top", "aria-label": "Answer" }, notice, answer),
    make("section", { class: "left", "aria-label": "Controls" }, controls),
    make("section", { class: "right", "aria-label": "Pictures" }, changes, grid),
  );
  const element = make("div", { class: "page" }, header, main);
  const width = () => Math.max(260, Math.min(640, (boxes.hours.clientWidth || grid.clientWidth) - 40));
  const wide = () => Math.max(260, grid.clientWidth - 40);
  return { element, notice, answer, changes, cards: boxes, width, wide };
}
