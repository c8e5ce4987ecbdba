// The sessions of a person in a week of one run: each opens to how likely it was, and what came of it.
import { number, percent } from "./scale.js";
import { el } from "./tree.js";

const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];
const HOURS_OF_A_DAY = 8;

// Rows of the sessions that a person ends in a week, which counts from 1, as named fields.
export function sessionsOf({ rows, hours_per_week: hours }, person, week) {
  return rows
    .filter(([who, , end]) => who === person && Math.ceil(end / hours) === week)
    .map(([, start, end, task, size, advanced, done, verified, outcome, base, parts]) => ({
      start: start % hours, task, size, advanced, done, verified, outcome, base, parts, long: end - start,
    }));
}

// When a session began: the day, and the hour of it.
export function whenWords(hours) {
  const day = Math.min(DAYS.length - 1, Math.floor(hours / HOURS_OF_A_DAY));
  return `${DAYS[day]}, hour ${Math.floor(hours - day * HOURS_OF_A_DAY) + 1}`;
}

export function sessionTrees(sessions, rows, week) {
  if (!week) return [el("p", { class: "hint" }, "Move to a week to see what each session of it was likely to bring, and what it brought.")];
  if (!rows.length) return [el("p", { class: "hint" }, "No session ends in this week.")];
  return rows.map((row) => oneSession(sessions, row));
}

function taskWords(task) {
  return /^\d+$/.test(task) ? `task ${task}` : task;
}

function oneSession({ parts: words, came, reference }, row) {
  const what = `${row.advanced ? "advanced" : "average"} work, ${number(row.size)} expert-hours`;
  const lines = Object.entries(words).filter(([name]) => name in row.parts).map(([name, word]) => [word, `× ${number(row.parts[name], 2)}`]);
  const tree = [
    [`The level alone, on average work of ${number(reference)} expert-hours`, percent(row.base)],
    ...lines,
    ["So the chance to be judged done", percent(row.done)],
    ["of which with hard evidence", percent(row.verified)],
  ];
  return el(
    "details", {},
    el("summary", {}, el("b", {}, `${percent(row.done)} likely`), `, ${came[row.outcome]} · ${taskWords(row.task)} · ${what} · ${whenWords(row.start)}`),
    el(
      "table", {},
      el("caption", {}, "What its odds were made of: each line multiplies them"),
      el("tbody", {}, tree.map(([name, value]) => el("tr", {}, el("th", { scope: "row" }, name), el("td", { class: "number" }, value)))),
    ),
    el("p", { class: "hint" }, `What came: ${came[row.outcome]}, after ${number(row.long, 1)} working hours.`),
  );
}
