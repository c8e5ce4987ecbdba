// The pictures, as trees: answers in, SVG out. Nothing here asks, and nothing is kept but axes.
import { linear, months, number, percent, rough, signed, ticks } from "./scale.js";
import { el } from "./tree.js";

const LEFT = 46;
const RIGHT = 14;
const TOP = 16;
const BOTTOM = 36;
const APART = 17; // between labels that would lie on one another

function picture(width, height, words, ...children) {
  const size = { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": words };
  return el("svg", { ...size, class: "picture" }, children);
}

function text(x, y, words, more = {}) {
  return el("text", { x: round(x), y: round(y), ...more }, words);
}

function round(value) {
  return Math.round(value * 10) / 10;
}

function path(points) {
  return points.map(([x, y], i) => `${i ? "L" : "M"}${round(x)} ${round(y)}`).join("");
}

// Axes of a picture by week: months below, `marks` of the y axis at the left.
function axes(width, height, days, y, marks, told) {
  const x = linear([0, days.length], [LEFT, width - RIGHT]);
  const floor = height - BOTTOM;
  const parts = marks.map((mark) => [
    el("line", { x1: LEFT, x2: width - RIGHT, y1: round(y(mark)), y2: round(y(mark)), class: "grid" }),
    text(LEFT - 7, y(mark) + 4, told(mark), { class: "tick", "text-anchor": "end" }),
  ]);
  for (const { place, text: word, year } of months(days, Math.max(3, Math.floor(width / 75)))) {
    parts.push(el("line", { x1: round(x(place)), x2: round(x(place)), y1: floor, y2: floor + 4, class: "axis" }));
    parts.push(text(x(place), floor + 17, word, { class: "tick", "text-anchor": "middle" }));
    if (year) parts.push(text(x(place), floor + 31, year, { class: "tick", "text-anchor": "middle" }));
  }
  parts.push(el("line", { x1: LEFT, x2: width - RIGHT, y1: floor, y2: floor, class: "axis" }));
  return { x, floor, parts };
}

// Two labels at heights that are not on one another: the places to write them at.
export function spread(one, other, apart = APART) {
  const gap = other - one;
  if (Math.abs(gap) >= apart) return [one, other];
  const middle = (one + other) / 2;
  const down = gap >= 0 ? 1 : -1;
  return [middle - (down * apart) / 2, middle + (down * apart) / 2];
}

function steps(shares, x, y) {
  const points = [[x(0), y(0)]];
  shares.forEach((share, i) => points.push([x(i + 1), y(points.share ?? 0)], [x(i + 1), y((points.share = share))]));
  return path(points);
}

// ---- when a backlog is done --------------------------------------------------------------------

export function chancePicture(chance, { width, coarse, moved, height = 270 }) {
  const y = linear([0, 1], [height - BOTTOM, TOP]);
  const { x, floor, parts } = axes(width, height, chance.days, y, [0, 0.25, 0.5, 0.75, 1], (m) => percent(m));
  const lines = [el("path", { d: steps(chance.today, x, y), class: "line today" })];
  if (moved) lines.push(el("path", { d: steps(chance.plan, x, y), class: "line plan" }));
  const marks = chance.deadline ? deadline(chance, x, y, floor, coarse, moved, width) : [];
  return picture(width, height, chanceWords(chance, coarse, moved), parts, lines, marks);
}

function atDeadline(chance, name) {
  return chance[name][Math.min(chance.days.length, Math.floor(chance.deadline)) - 1] ?? 0;
}

function deadline(chance, x, y, floor, coarse, moved, width) {
  const at = x(Math.min(chance.deadline, chance.days.length));
  const [today, plan] = ["today", "plan"].map((name) => atDeadline(chance, name));
  const left = at > width / 2;
  const side = { "text-anchor": left ? "end" : "start" };
  const places = moved ? spread(y(today), y(plan)) : [y(today), 0];
  const beside = at + (left ? -11 : 11);
  return [
    el("line", { x1: round(at), x2: round(at), y1: TOP - 4, y2: floor, class: "deadline" }),
    text(at + (left ? -6 : 6), TOP + 6, "deadline", { class: "note", ...side }),
    el("rect", { x: round(at) - 4, y: round(y(today)) - 4, width: 8, height: 8, class: "mark today" }),
    text(beside, places[0] + 4, `today ${percent(today, coarse)}`, { class: "label today", ...side }),
    ...(moved
      ? [
          el("circle", { cx: round(at), cy: round(y(plan)), r: 4.5, class: "mark plan" }),
          text(beside, places[1] + 4, `plan ${percent(plan, coarse)}`, { class: "label plan", ...side }),
        ]
      : []),
  ];
}

export function chanceWords(chance, coarse, moved) {
  const about = coarse ? "roughly " : "";
  if (!chance.deadline) return "Chance that all is done by the end of each week, today and with the plan";
  const [today, plan] = ["today", "plan"].map((name) => about + percent(atDeadline(chance, name), coarse));
  return `Chance to be done ${chance.words}: ${today} today${moved ? `, ${plan} with the plan` : ""}`;
}

// ---- a hundred runs ----------------------------------------------------------------------------

export const KINDS = {
  both: "in time either way",
  plan: "in time only with the plan",
  today: "in time only as today",
  neither: "late either way",
};

export function countsWords(dots) {
  const of = Object.entries(dots.counts).filter(([, count]) => count);
  const words = dots.values ? { better: "better", worse: "worse", same: "the same" } : KINDS;
  return `Of 100 runs: ${of.map(([kind, count]) => `${count} ${words[kind]}`).join(", ")}`;
}

export function runsPicture(dots, { width, coarse }) {
  const kinds = Object.keys(KINDS).flatMap((kind) => Array(dots.counts[kind]).fill(kind));
  const columns = width > 420 ? 20 : 10;
  const cell = Math.min(26, (width - 8) / columns);
  const rows = Math.ceil(kinds.length / columns);
  const marks = kinds.map((kind, i) => {
    const [x, y] = [4 + (Math.floor(i / rows) + 0.5) * cell, ((i % rows) + 0.5) * cell + 2];
    return dot(kind, x, y, cell * 0.36);
  });
  const words = countsWords(dots) + (coarse ? ", roughly" : "");
  return picture(columns * cell + 8, rows * cell + 4, words, el("g", { class: coarse ? "pale" : null }, marks));
}

// A run as a mark: its shape tells the same as its colour.
export function dot(kind, x, y, r) {
  const at = { class: `dot ${kind}` };
  if (["plan", "better"].includes(kind)) return el("circle", { ...at, cx: round(x), cy: round(y), r: round(r) });
  if (["today", "worse"].includes(kind)) {
    const side = r * 1.75;
    return el("rect", { ...at, x: round(x - side / 2), y: round(y - side / 2), width: round(side), height: round(side) });
  }
  if (kind === "both") return el("circle", { ...at, cx: round(x), cy: round(y), r: round(r * 0.8) });
  return el("circle", { ...at, cx: round(x), cy: round(y), r: round(r * 0.68) });
}

export function differencesPicture(dots, { width, height = 230, coarse, frame, unit }) {
  const x = linear(frame, [16, width - 16]);
  const floor = height - BOTTOM - 6;
  const { r, placed } = stacked(dots.values, x, floor - TOP);
  const marks = placed.map(({ value, at, level }) => {
    const kind = value * dots.better > 0 ? "better" : value * dots.better < 0 ? "worse" : "neither";
    return dot(kind, at, floor - r - level * 2 * r, r * 0.86);
  });
  const axis = ticks(...frame, width > 420 ? 6 : 4).map((mark) => [
    el("line", { x1: round(x(mark)), x2: round(x(mark)), y1: floor, y2: floor + 4, class: "axis" }),
    text(x(mark), floor + 18, mark === 0 ? "0" : signed(mark), { class: "tick", "text-anchor": "middle" }),
  ]);
  const zero = x(0);
  const side = zero > width - 90 ? "end" : zero < 90 ? "start" : "middle";
  return picture(
    width, height, `${countsWords(dots)}. Difference from today, ${unit}`,
    el("line", { x1: 16, x2: width - 16, y1: floor, y2: floor, class: "axis" }), axis,
    el("line", { x1: round(zero), x2: round(zero), y1: TOP, y2: floor, class: "zero" }),
    text(zero, TOP - 4, "as today", { class: "note", "text-anchor": side }),
    el("g", { class: coarse ? "pale" : null }, marks),
    text(width / 2, height - 4, `${unit}, more or less than today`, { class: "tick", "text-anchor": "middle" }),
  );
}

// Dots on one another where they would overlap: the largest size that fits the height.
export function stacked(values, x, height) {
  for (let r = 9; ; r -= 0.5) {
    const levels = new Map();
    const placed = values.map((value) => {
      const bin = Math.round(x(value) / (2 * r));
      const level = levels.get(bin) ?? 0;
      levels.set(bin, level + 1);
      return { value, at: bin * 2 * r, level };
    });
    if (r <= 2 || Math.max(...levels.values()) * 2 * r <= height) return { r, placed };
  }
}

// ---- by week -----------------------------------------------------------------------------------

export function weeklyPicture(weekly, { width, frame, moved, coarse, height = 250 }) {
  const y = linear(frame, [height - BOTTOM, TOP]);
  const marks = ticks(...frame, 4);
  const { x, parts } = axes(width, height, weekly.days, y, marks, (m) => number(m));
  const points = (row) => row.map((value, i) => [x(i + 1), y(Math.min(Math.max(value, frame[0]), frame[1]))]);
  const [low, middle, high] = (moved ? weekly.plan : weekly.today).map(points);
  const kind = moved ? "plan" : "today";
  const band = el("path", { d: `${path(high)}${path([...low].reverse()).replace("M", "L")}Z`, class: `band ${kind}` });
  const lines = [el("path", { d: path(middle), class: `line ${kind}` })];
  if (moved) lines.unshift(el("path", { d: path(points(weekly.today[1])), class: "line today" }));
  const told = coarse ? rough : number;
  const last = told((moved ? weekly.plan : weekly.today)[1].at(-1));
  const words = `${weekly.label}: half of the runs reach ${last} ${weekly.unit} by the end`;
  return picture(width, height, words, parts, el("g", { class: coarse ? "pale" : null }, band, lines));
}

export function aheadPicture(ahead, { width, coarse, height = 230 }) {
  const y = linear([0, 1], [height - BOTTOM, TOP]);
  const { x, parts } = axes(width, height, ahead.days, y, [0, 0.5, 1], (m) => percent(m));
  const line = el("path", { d: steps(ahead.chance, x, y), class: "line plan" });
  return picture(width, height, aheadWords(ahead, coarse), parts, line);
}

export function aheadWords(ahead, coarse) {
  const last = percent(ahead.chance.at(-1), coarse);
  const week = ahead.chance.findIndex((share) => share >= 0.5) + 1;
  const even = week ? `half of them by week ${week}` : "half of them not by then";
  return `Ahead of today for good by week ${ahead.chance.length} in ${last} of the runs; ${even}`;
}

// ---- hours -------------------------------------------------------------------------------------

export function hoursPicture(hours, { width, moved }) {
  const rows = moved ? ["today", "plan"] : ["today"];
  const [start, bar, gap] = [52, 34, 12];
  const x = linear([0, 100], [start, width - 4]);
  const parts = rows.flatMap((name, i) => {
    const top = 4 + i * (bar + gap);
    let from = 0;
    const pieces = hours.flatMap((row) => {
      const [left, wide] = [x(from), x(row[name]) - x(0)];
      from += row[name];
      const label = wide > 26 ? text(left + wide / 2, top + bar / 2 + 4, Math.round(row[name]), { class: `inside ${row.name}`, "text-anchor": "middle" }) : null;
      return [el("rect", { x: round(left), y: top, width: round(Math.max(0, wide - 1)), height: bar, class: `hours ${row.name}` }), label];
    });
    return [text(0, top + bar / 2 + 4, name === "plan" ? "Plan" : "Today", { class: "tick strong" }), ...pieces];
  });
  const words = `Of 100 hours of development: ${hours.map((row) => `${row.label} ${Math.round(row[rows.at(-1)])}`).join(", ")}`;
  return picture(width, rows.length * (bar + gap), words, parts);
}
