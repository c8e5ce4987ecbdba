// The answer and the cards below it: answers in, trees out.
import {
  aheadPicture, aheadWords, chancePicture, countsWords, differencesPicture, dot, hoursPicture, KINDS,
  runsPicture, weeklyPicture,
} from "./charts.js";
import { dayWords, number, percent, rough, signed } from "./scale.js";
import { el } from "./tree.js";

const VERDICTS = {
  better: ["▲", "Better"], worse: ["▼", "Worse"], close: ["≈", "Too close to call"],
  same: ["=", "No difference"], today: ["●", "Today"], unknown: ["?", "Not known"],
};

export function answerCard(answer) {
  const [sign, verdict] = VERDICTS[answer.verdict];
  const open = ["better", "worse"].includes(answer.verdict) && !answer.sure;
  const word = open ? `${verdict} on average` : verdict;
  const runs = `${number(answer.worlds)} simulated runs${answer.verdict === "today" ? "" : " of each"}`;
  const status = answer.coarse ? `Rough: ${runs}` : answer.last ? runs : `${runs}, more to come`;
  return [
    el("p", { class: `verdict ${answer.verdict}` }, el("span", { "aria-hidden": "true" }, sign), ` ${word}`),
    el("p", { class: "sentence" }, answer.sentence),
    ...answer.warnings.map((line) => el("p", { class: "warning" }, line)),
    el("p", { class: "status" }, status),
  ];
}

// Cards by name, in the order of the page; null where an answer has none.
export function cards(answer, width, frames, moving) {
  const { coarse } = answer;
  const look = { width, coarse, moved: answer.verdict !== "today" };
  return {
    runs: answer.dots && runsCard(answer, look, frames, moving),
    chance: answer.chance && chanceCard(answer, look),
    ahead: answer.ahead && answer.verdict !== "same" && aheadCard(answer, look),
    weekly: weeklyCard(answer, look, frames, moving),
    hours: hoursCard(answer, look),
    costs: answer.costs && costsCard(answer, look),
    beside: besideCard(answer, look),
  };
}

function card(title, ...inside) {
  return [el("h2", {}, title), ...inside.flat().filter(Boolean)];
}

function table(head, rows, caption) {
  const [first, ...others] = head;
  return el(
    "table", {},
    el("caption", {}, caption),
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, first), others.map((word) => el("th", { scope: "col", class: "number" }, word)))),
    el("tbody", {}, rows.map(([name, ...cells]) => el("tr", {}, el("th", { scope: "row" }, name), cells.map((cell) => el("td", { class: "number" }, cell))))),
  );
}

function behind(...inside) {
  return el("details", { class: "numbers" }, el("summary", {}, "Table"), el("div", { class: "wide" }, inside));
}

function key(entries) {
  return el("ul", { class: "key" }, entries.map(([kind, words]) =>
    el("li", {}, el("svg", { width: 14, height: 14, viewBox: "0 0 14 14", "aria-hidden": "true" }, mark(kind)), words)));
}

function mark(kind) {
  if (kind.startsWith("line ")) return el("line", { x1: 0, x2: 14, y1: 7, y2: 7, class: kind });
  if (kind.startsWith("hours ")) return el("rect", { x: 1, y: 1, width: 12, height: 12, class: kind });
  return dot(kind, 7, 7, 5);
}

function runsCard(answer, look, frames, moving) {
  const { dots, coarse } = answer;
  if (dots.values) {
    const frame = frames.of("runs", [...dots.values, 0], moving);
    const words = { better: "the plan is better", worse: "worse", same: "the same" };
    const entries = Object.entries(dots.counts).filter(([, count]) => count);
    return card(
      coarse ? "A hundred runs, roughly" : `In ${dots.counts.better} of 100 runs the plan is better`,
      differencesPicture(dots, { ...look, frame, unit: answer.unit }),
      key(entries.map(([kind, count]) => [kind === "same" ? "neither" : kind, `${coarse ? "" : `${count} `}${words[kind]}`])),
      behind(table(["Runs", "of 100"], entries.map(([kind, count]) => [words[kind], String(count)]), countsWords(dots))),
    );
  }
  const entries = Object.entries(dots.counts);
  const { plan, today } = dots.counts;
  return card(
    coarse ? "A hundred runs, roughly" : `Of 100 runs the plan saves ${plan} and costs ${today}`,
    runsPicture(dots, look),
    key(entries.map(([kind, count]) => [kind, `${coarse ? "" : `${count} `}${KINDS[kind]}`])),
    behind(table(["Runs", "of 100"], entries.map(([kind, count]) => [KINDS[kind], String(count)]), countsWords(dots))),
  );
}

// The day by whose end so many of the runs are done, in words.
function doneBy(chance, name, share) {
  const week = chance[name].findIndex((one) => one >= share);
  return week < 0 ? "later" : dayWords(chance.days[week]);
}

function chanceCard(answer, look) {
  const { chance } = answer;
  const names = look.moved ? [["today", "Today"], ["plan", "Plan"]] : [["today", "Today"]];
  const sure = look.coarse ? "When it is done" : `85% sure: ${doneBy(chance, names.at(-1)[0], 0.85)}${look.moved ? `, today ${doneBy(chance, "today", 0.85)}` : ""}`;
  const rows = [["Half sure", 0.5], ["85% sure", 0.85]].map(([word, share]) => [word, ...names.map(([name]) => doneBy(chance, name, share))]);
  const every = chance.days.flatMap((day, i) => (i % 2 ? [[dayWords(day), ...names.map(([name]) => percent(chance[name][i], look.coarse))]] : []));
  return card(
    sure,
    el("p", { class: "sub" }, "Chance that it is done by the end of each week"),
    chancePicture(chance, look),
    lines(look),
    behind(table(["Done by", ...names.map(([, word]) => word)], [...rows, ...every], "Chance to be done, by date")),
  );
}

function lines(look) {
  return key(look.moved ? [["line plan", "with the plan"], ["line today", "today"]] : [["line today", "today"]]);
}

function aheadCard(answer, look) {
  const { ahead } = answer;
  const rows = ahead.days.flatMap((day, i) => (i % 4 === 3 ? [[dayWords(day), percent(ahead.chance[i], look.coarse)]] : []));
  return card(
    "Break-even",
    el("p", { class: "sub" }, `${aheadWords(ahead, look.coarse)}.`),
    aheadPicture(ahead, look),
    behind(table(["By the end of", "ahead for good"], rows, "Chance to be ahead of today in work, and stay so")),
  );
}

function weeklyCard(answer, look, frames, moving) {
  const { weekly } = answer;
  const shown = look.moved ? [...weekly.plan[2], ...weekly.today[1]] : weekly.today[2];
  const frame = frames.of("weekly", [0, ...shown], moving);
  const told = look.coarse ? rough : number;
  const of = look.moved ? weekly.plan : weekly.today;
  const rows = weekly.days.flatMap((day, i) => (i % 4 === 3 ? [[dayWords(day), told(weekly.today[1][i]), ...of.map((row) => told(row[i]))]] : []));
  return card(
    weekly.label,
    el("p", { class: "sub" }, `In ${weekly.unit}. Line: half of the runs are above. Shade: 8 of 10 runs.`),
    weeklyPicture(weekly, { ...look, frame }),
    lines(look),
    behind(table(["By the end of", "Today, half", "1 in 10 below", look.moved ? "Plan, half" : "half", "9 in 10 below"], rows, weekly.label)),
  );
}

function hoursCard(answer, look) {
  const { hours } = answer;
  const told = (value) => (value > 0 && value < 0.5 ? "under 1" : String(Math.round(value)));
  const rows = hours.map((row) => [row.label, told(row.today), ...(look.moved ? [told(row.plan)] : [])]);
  return card(
    "Where 100 hours of development go",
    answer.chance && el("p", { class: "sub" }, "After the backlog is done there is nothing to do."),
    hoursPicture(hours, look),
    key(hours.map((row) => [`hours ${row.name}`, row.label])),
    behind(table(["Of 100 hours", "Today", ...(look.moved ? ["Plan"] : [])], rows, "Hours of development by activity")),
  );
}

function costsCard(answer, look) {
  const { costs } = answer;
  const told = look.coarse ? rough : (value) => number(value, 0);
  const rows = costs.rows.map((row) => [
    row.label, told(row.today), ...(look.moved ? [told(row.plan), row.told ? signed(row.difference, told) : "–"] : []),
  ]);
  const head = ["Cost", "Today", ...(look.moved ? ["Plan", "Difference"] : [])];
  return card(`Costs to the end, in ${costs.currency}`, el("div", { class: "wide" }, table(head, rows, "Means of the runs")));
}

const UNITS = { share: "%", "working h": "working hours" }; // others are counts that the label names

function besideCard(answer, look) {
  const scale = (row, value) => (value === null ? null : row.unit === "share" ? 100 * value : value);
  const rows = answer.beside.map((row) => {
    const most = Math.max(...[row.today, row.plan].map((value) => Math.abs(scale(row, value) ?? 0)));
    const told = look.coarse ? rough : (value) => number(value, most >= 100 ? 0 : 1);
    const difference = row.told ? signed(scale(row, row.difference), told) : "too close";
    const cells = [told(scale(row, row.today)), ...(look.moved ? [told(scale(row, row.plan)), difference] : [])];
    return [row.unit in UNITS ? `${row.label}, ${UNITS[row.unit]}` : row.label, ...cells];
  });
  const head = ["Measure", "Today", ...(look.moved ? ["Plan", "Difference"] : [])];
  return card("What else moves", el("div", { class: "wide" }, table(head, rows, "Means of the runs")));
}

// What the answer rests on: counts first, each number behind them.
export function basisCard(answer, { caveat, kept = {} }, moved) {
  const stands = [...(kept.both ?? []), ...(kept.plan ?? []).map((line) => `with the plan alone: ${line}`)];
  const names = { measured: "Measured elsewhere", assumed: "Assumed", yours: "Yours" };
  const notes = { measured: "in published field studies", assumed: "no published figure stands behind them", yours: "as you moved them, or your plan states them" };
  const lists = Object.entries(names).map(([kind, word]) => {
    const rows = answer.basis[kind].map((row) => el("li", {}, el("b", {}, row.name), ` ${row.value}`, row.why && el("span", { class: "why" }, ` ${row.why}`)));
    const more = kind === "yours" ? moved.map((line) => el("li", {}, el("b", {}, line.label), ` ${line.value}`)) : [];
    return el("details", { class: kind }, el("summary", {}, el("b", {}, String(rows.length + more.length)), ` ${word}`, el("span", { class: "why" }, ` – ${notes[kind]}`)), el("ul", {}, more, rows));
  });
  return card(
    "What this rests on",
    el("p", { class: "sub" }, "All uncertain numbers vary over their ranges in every answer above."),
    lists,
    stands.length && el("details", {}, el("summary", {}, el("b", {}, String(stands.length)), " kept", el("span", { class: "why" }, " – in the plan's file, without a control on this page")), el("ul", {}, stands.map((line) => el("li", {}, line)))),
    el("details", {}, el("summary", {}, "Keep in mind"), el("ul", {}, [caveat, ...answer.caveats].map((line) => el("li", {}, line)))),
  );
}
