// Cards say what an answer holds, of a backlog and of work without an end, rough while it is.
import assert from "node:assert/strict";
import test from "node:test";

import { answerCard, basisCard, cards } from "../../../sim/planning/page/results.js";
import { Frames } from "../../../sim/planning/page/scale.js";
import { all } from "../../../sim/planning/page/tree.js";

const WEEKS = 12;
const days = Array.from({ length: WEEKS }, (_, i) => new Date(Date.UTC(2026, 10, 13) + i * 7 * 864e5).toISOString().slice(0, 10));
const rising = (last) => days.map((_, i) => (last * (i + 1)) / WEEKS);
const common = {
  worlds: 400, coarse: false, last: true, verdict: "better", sentence: "It is better.", unit: "hours of expert work", warnings: [], caveats: ["Mind the gap."],
  weekly: { days, label: "Work delivered so far", unit: "hours", today: [rising(80), rising(100), rising(120)], plan: [rising(90), rising(110), rising(130)] },
  hours: [{ name: "agent", label: "New work with an agent", today: 60, plan: 55 }, { name: "idle", label: "Nothing to do", today: 40, plan: 45 }],
  costs: null, chance: null, ahead: null,
  beside: [{ name: "expert_load", label: "Load on experts", unit: "share", today: 0.5, plan: 0.52, difference: 0.02, told: true }, { name: "abandoned", label: "Tasks nobody could do", unit: "tasks", today: 1.3, plan: 1.4, difference: 0.1, told: false }],
  basis: { measured: [{ name: "A", value: "1", why: "so" }], assumed: [], yours: [] },
};
const work = {
  ...common, ahead: { days, chance: rising(0.8) },
  dots: { values: Array.from({ length: 100 }, (_, i) => i - 20), counts: { better: 79, worse: 20, same: 1 }, better: 1 },
};
const backlog = {
  ...common, dots: { counts: { both: 60, plan: 10, today: 3, neither: 27 } },
  chance: { days, deadline: 8, words: "by 1 January 2027", today: rising(0.9), plan: rising(1) },
  costs: { currency: "EUR", rows: [{ name: "labour_cost", label: "People", today: 490385.2, plan: 615384.6, difference: 124999.4, told: true }] },
};
const shown = (answer, moving = false) => cards(answer, 420, new Frames(), moving);
const spaced = (tree) => (typeof tree === "object" ? tree.children.map(spaced).join(" ") : String(tree));
const words = (card) => card.map(spaced).join(" ").replace(/\s+/g, " ");

test("every card that is shown is a list of elements", () => {
  for (const answer of [work, backlog, { ...work, verdict: "today", dots: null, ahead: null }, { ...backlog, coarse: true }]) {
    for (const card of Object.values(shown(answer)).filter(Boolean)) {
      assert.ok(card.every((part) => typeof part === "object" && part !== null && part.name));
    }
  }
});

test("a picture has a table behind it with a caption and heads", () => {
  for (const answer of [work, backlog]) {
    for (const card of Object.values(shown(answer)).filter(Boolean)) {
      if (!card.some((part) => part.name === "svg")) continue;
      const tables = card.flatMap((part) => all(part, (node) => node.name === "table"));
      assert.equal(tables.length, 1);
      assert.equal(all(tables[0], (node) => node.name === "caption").length, 1);
      for (const head of all(tables[0], (node) => node.name === "th")) assert.ok(["col", "row"].includes(head.attributes.scope));
    }
  }
});

test("cards say what is found: who is ahead, when it is done, what it costs", () => {
  const [ofWork, ofBacklog] = [shown(work), shown(backlog)];
  assert.match(words(ofWork.runs), /In 79 of 100 runs the plan is better/);
  assert.match(words(ofWork.ahead), /Ahead of today for good by week \d+ in 80% of the runs; half of them by week 8/);
  assert.match(words(ofBacklog.runs), /Of 100 runs the plan saves 10 and costs 3/);
  assert.match(words(ofBacklog.chance), /85% sure: 22 January 2027, today 29 January 2027/);
  assert.match(words(ofBacklog.costs), /490,385 615,385 \+124,999/);
  assert.match(words(ofBacklog.beside), /Load on experts, % 50 52 \+2 .*Tasks nobody could do 1\.3 1\.4 too close/);
  assert.equal(ofWork.chance, null);
  assert.equal(ofBacklog.ahead, null);
});

test("while it is rough no card has a second digit of a chance or a cost", () => {
  const rough = shown({ ...backlog, coarse: true, worlds: 20 });
  assert.match(words(rough.runs), /A hundred runs, roughly/);
  assert.match(words(rough.costs), /500,000 600,000 \+100,000/);
  for (const [, number] of words(rough.chance).matchAll(/(\d+)%/g)) assert.ok(number.endsWith("0") || ["25", "75", "85"].includes(number), number);
  assert.match(words(answerCard({ ...backlog, coarse: true, worlds: 20, last: false })), /Rough: 20 simulated runs of each/);
});

test("a difference that what is not known may turn is better on average alone", () => {
  assert.match(words(answerCard({ ...common, sure: true })), /▲ Better It is/);
  assert.match(words(answerCard({ ...common, sure: false })), /▲ Better on average It is/);
  assert.match(words(answerCard({ ...common, verdict: "close", sure: false })), /≈ Too close to call It is/);
});

test("what it rests on is counted, with the person's own beside", () => {
  const card = basisCard(common, { caveat: "No basis on its own.", kept: { both: ["a freeze"], plan: ["a rollout"] } }, [{ label: "Weeks", value: "26 weeks" }]);
  assert.match(words(card), /1 Measured elsewhere.*0 Assumed.*1 Yours.*Weeks 26 weeks.*No basis on its own\. Mind the gap\./);
});
