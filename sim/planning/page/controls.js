// The controls: labelled, with unit, range and source; they tell what was moved and follow the state.
import { number } from "./scale.js";
import { valueOf } from "./state.js";
import { el, toElement } from "./tree.js";

const LEVELS = ["novice", "beginner", "intermediate", "advanced", "expert"];
const MOST_SQUARES = 14; // of a level, then a number
const WHO = { engineer: "Engineers", adjacent: "Roles that do not code" };

// opening   as the server gives it, with controls, and in kept what no control shows
// move      called with (id, value, moving)
// words     (control, value) -> a value in words
// returns   { element, follow(state) }
export function controlPanel({ controls, kept = {} }, move, words) {
  const of = (id) => controls.find((control) => control.id === id);
  const shown = (ids) => ids.map(of).filter(Boolean).map((control) => oneControl(control, move, words));
  const facts = shown(["hours", "backlog", "done_share", "blocked", "deadline", "weeks", "advanced"]);
  const team = of("today.engineer.novice") && teamPanel(controls, move);
  const joining = shown(["join"]);
  const training = shown(["seats", "target", "train_weeks", "train_hours", "train_start"]);
  const ways = shown(["plan.tool", "plan.tool_start", "plan.review"]);
  const today = shown(["today.tool", "today.review"]);
  const money = controls.filter((c) => c.group === "money").map((c) => oneControl(c, move, words));
  const view = controls.filter((c) => c.group === "view").map((c) => oneControl(c, move, words));
  const people = team ? [team, ...joining] : joining;
  const parts = [
    group("What you can move", view),
    group("What holds either way", facts.slice(0, 1), { note: "Yours to know: it narrows every answer." }),
    group("People", people),
    group("Training", training.slice(0, 2), { more: training.slice(2) }),
    group("Tool and review with the plan", ways),
    group("The work", facts.slice(1)),
    group("Tool and review today", today, { closed: true }),
    group("Money", money, { closed: true }),
    group("Also in this plan, kept as it is", keptLists(kept)),
  ].filter(Boolean);
  const followers = [...view, ...facts, ...people, ...training, ...ways, ...today, ...money];
  return {
    element: toNode("div", { class: "controls" }, parts),
    follow: (state) => followers.forEach((each) => each.follow(state)),
  };
}

function toNode(name, attributes, children) {
  const node = toElement(el(name, attributes));
  node.append(...children.map((child) => child.element ?? child));
  return node;
}

// What no control shows, of both and of the plan alone.
function keptLists({ both = [], plan = [] }) {
  const list = (lines, words) => lines.length && [el("p", { class: "hint" }, words), el("ul", { class: "kept" }, lines.map((line) => el("li", {}, line)))];
  return [list(both, "today and with the plan"), list(plan, "with the plan alone")].filter(Boolean).flat().map((tree) => toElement(tree));
}

function group(title, members, { note = "", more = [], closed = false } = {}) {
  if (!members.length) return null;
  const inside = [...members];
  if (note) inside.unshift(toElement(el("p", { class: "hint" }, note)));
  if (more.length) inside.push(toNode("details", { class: "more" }, [toElement(el("summary", {}, "When and how long")), ...more]));
  if (closed) return toNode("details", { class: "group" }, [toElement(el("summary", {}, el("h2", {}, title))), ...inside]);
  return toNode("section", { class: "group" }, [toElement(el("h2", {}, title)), ...inside]);
}

function oneControl(control, move, words) {
  const kinds = { range: rangeControl, steps: stepsControl, pair: pairControl, number: numberControl, choice: choiceControl };
  return kinds[control.kind](control, move, words);
}

// ---- what is told of a control -----------------------------------------------------------------

// Where a value comes from: a word, and behind it range and source.
function origin(control) {
  const word = toElement(el("summary", {}));
  const range = control.choices ? "" : `${number(control.low)} to ${number(control.high)} ${control.unit}. `;
  const source = control.source.charAt(0).toUpperCase() + control.source.slice(1);
  const more = toElement(el("p", {}, `${range}${source}`));
  const element = toNode("details", { class: "origin" }, [word, more]);
  const follow = (state) => {
    const kind = control.id in state ? "yours" : kindOf(control.source);
    word.textContent = kind;
    word.className = kind.split(" ")[0];
    word.setAttribute("aria-label", `${control.label}: ${kind}; range and source`);
  };
  return { element, follow };
}

function kindOf(source) {
  if (source.startsWith("published")) return "measured";
  if (source.startsWith("assumption")) return "assumption";
  return source.startsWith("what the plan") ? "to try" : "as stated";
}

function frame(control, label, inputs, follow) {
  const from = origin(control);
  const element = toNode("div", { class: `control ${control.kind}`, "data-control": control.id }, [label, ...inputs, from.element]);
  return { element, follow: (state) => (follow(state), from.follow(state)) };
}

function labelOf(control, id) {
  const value = toElement(el("output", { for: id }));
  const label = toNode("label", { for: id }, [toElement(el("span", {}, control.label)), value]);
  return { label, value };
}

const idOf = (control, end = "") => `control-${control.id.replaceAll(".", "-")}${end}`;

// ---- kinds of control --------------------------------------------------------------------------

function rangeControl(control, move, words) {
  const id = idOf(control);
  const { label, value } = labelOf(control, id);
  const input = slider(control, id, () => move(control.id, Number(input.value), true));
  input.addEventListener("change", () => move(control.id, Number(input.value), false));
  return frame(control, label, [input], (state) => {
    const now = valueOf(state, [control], control.id);
    input.value = now;
    value.textContent = words(control, now);
    input.setAttribute("aria-valuetext", words(control, now));
  });
}

function slider(control, id, oninput) {
  const { low: min, high: max, step } = control;
  return toElement(el("input", { type: "range", id, min, max, step, oninput }));
}

// A slider over values that have words each.
function stepsControl(control, move, words) {
  const values = Object.keys(control.choices);
  const id = idOf(control);
  const { label, value } = labelOf(control, id);
  const input = slider({ low: 0, high: values.length - 1, step: 1 }, id, () => move(control.id, values[input.value], true));
  input.addEventListener("change", () => move(control.id, values[input.value], false));
  return frame(control, label, [input], (state) => {
    const now = valueOf(state, [control], control.id);
    input.value = values.indexOf(now);
    value.textContent = words(control, now);
    input.setAttribute("aria-valuetext", words(control, now));
  });
}

function pairControl(control, move, words) {
  const value = toElement(el("output", {}));
  const legend = toNode("div", { class: "legend" }, [toElement(el("span", {}, control.label)), value]);
  const ends = ["at least", "at most"].map((word, end) => {
    const id = idOf(control, `-${end}`);
    const input = slider(control, id, () => moveEnd(end, true));
    input.addEventListener("change", () => moveEnd(end, false));
    return { input, element: toNode("label", { for: id, class: "end" }, [toElement(el("span", {}, word)), input]) };
  });
  const moveEnd = (end, moving) => {
    const both = ends.map(({ input }) => Number(input.value));
    const other = 1 - end;
    both[other] = end ? Math.min(both[0], both[1]) : Math.max(both[0], both[1]);
    move(control.id, both, moving);
  };
  const made = frame(control, legend, ends, (state) => {
    const now = valueOf(state, [control], control.id);
    ends.forEach(({ input }, end) => {
      input.value = now[end];
      input.setAttribute("aria-valuetext", `${now[end]} ${control.unit}`);
    });
    value.textContent = words(control, now);
  });
  made.element.setAttribute("role", "group");
  made.element.setAttribute("aria-label", control.label);
  return made;
}

function numberControl(control, move) {
  const id = idOf(control);
  const label = toNode("label", { for: id }, [toElement(el("span", {}, `${control.label}`))]);
  const input = toElement(el("input", {
    type: "number", id, min: control.low, max: control.high, step: "any", inputmode: "decimal", "aria-describedby": `${id}-unit`,
  }));
  input.addEventListener("change", () => {
    if (input.value !== "" && input.checkValidity()) move(control.id, Number(input.value), false);
    else input.reportValidity();
  });
  const unit = toElement(el("span", { class: "unit", id: `${id}-unit` }, control.unit));
  return frame(control, label, [toNode("span", { class: "entry" }, [input, unit])], (state) => {
    input.value = valueOf(state, [control], control.id);
  });
}

function choiceControl(control, move) {
  const id = idOf(control);
  const label = toNode("label", { for: id }, [toElement(el("span", {}, control.label))]);
  const options = Object.entries(control.choices).map(([value, word]) => el("option", { value }, word));
  const input = toElement(el("select", { id }, options));
  input.addEventListener("change", () => move(control.id, input.value, false));
  return frame(control, label, [input], (state) => {
    input.value = valueOf(state, [control], control.id);
  });
}

// ---- people ------------------------------------------------------------------------------------

// Rows of squares, one a person; today's are full, those the plan adds have a ring, those it takes
// away are crossed. A switch says which of the two the buttons change.
function teamPanel(controls, move) {
  const sides = { plan: "The plan", today: "Today" };
  let side = "plan";
  const rows = Object.keys(WHO).map((role) => ({
    role,
    levels: LEVELS.map((level) => levelRow(controls, role, level, () => side, move)),
  }));
  const choose = Object.entries(sides).map(([value, word]) => {
    const input = toElement(el("input", { type: "radio", name: "side", value, id: `side-${value}`, checked: value === side }));
    input.addEventListener("change", () => {
      side = value;
      last && follow(last);
    });
    return toNode("span", {}, [input, toElement(el("label", { for: `side-${value}` }, word))]);
  });
  const toggle = toNode("fieldset", { class: "sides" }, [toElement(el("legend", {}, "Add and take away")), ...choose]);
  const [engineers, others] = rows.map(({ role, levels }) => toNode("div", { class: "levels", role: "group", "aria-label": WHO[role] }, levels));
  const open = controls.some((c) => c.id.includes(".adjacent.") && c.value);
  const rest = toNode("details", { class: "more", open }, [toElement(el("summary", {}, WHO.adjacent)), others]);
  let last = null;
  const follow = (state) => {
    last = state;
    rows.forEach(({ levels }) => levels.forEach((row) => row.follow(state)));
  };
  return { element: toNode("div", { class: "team" }, [toggle, engineers, rest]), follow };
}

function levelRow(controls, role, level, side, move) {
  const [today, plan] = ["today", "plan"].map((group) => controls.find((c) => c.id === `${group}.${role}.${level}`));
  const word = today.label.split(",")[0];
  const who = `${word.toLowerCase()}${role === "engineer" ? "" : " who do not code"}`;
  const squares = toElement(el("span", { class: "squares", "aria-hidden": "true" }));
  const told = toElement(el("span", { class: "told" }));
  let state = {};
  const counts = () => [valueOf(state, controls, today.id), valueOf(state, controls, plan.id)];
  const change = (by) => {
    const [here, more] = counts();
    if (side() === "plan") move(plan.id, Math.max(-here, more + by), false);
    else move(today.id, Math.max(0, -more, here + by), false);
  };
  const [fewer, more] = [-1, 1].map((by) => toElement(el("button", { type: "button", class: "step", onclick: () => change(by) }, by > 0 ? "+" : "−")));
  const follow = (now) => {
    state = now;
    const [here, plus] = counts();
    squares.replaceChildren(...squaresOf(level, here, plus).map((tree) => toElement(tree)));
    told.textContent = plus ? `${here} → ${here + plus}` : String(here);
    told.setAttribute("aria-label", `${who}: ${here} today, ${here + plus} with the plan`);
    told.setAttribute("role", "img");
    fewer.disabled = side() === "plan" ? here + plus <= 0 : here <= Math.max(0, -plus);
    for (const [button, by] of [[fewer, "fewer"], [more, "more"]]) {
      button.setAttribute("aria-label", `One ${by}, ${who}, ${side() === "plan" ? "with the plan" : "today"}`);
    }
  };
  const element = toNode("div", { class: "level" }, [toElement(el("span", { class: "name" }, word)), squares, told, fewer, more]);
  return { element, follow };
}

export function squaresOf(level, here, plus) {
  const kept = Math.min(here, here + plus);
  const kinds = [
    ...Array(kept).fill(""), ...Array(Math.max(0, plus)).fill(" added"), ...Array(Math.max(0, -plus)).fill(" taken"),
  ];
  const squares = kinds.slice(0, MOST_SQUARES).map((kind) => el("i", { class: `square ${level}${kind}` }));
  if (kinds.length > MOST_SQUARES) squares.push(el("span", { class: "many" }, `+${kinds.length - MOST_SQUARES}`));
  return squares;
}
