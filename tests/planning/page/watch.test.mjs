// One run to watch: a bar is as high as its share of the week, and words tell the week.
import assert from "node:assert/strict";
import test from "node:test";

import { all, textOf } from "../../../sim/planning/page/tree.js";
import { lanesPicture, shortName, weekWords } from "../../../sim/planning/page/watch.js";

const run = {
  people: ["novice-level engineer 1", "expert-level adjacent 1"],
  days: ["2026-11-13", "2026-11-20"],
  activities: [["agent", "With an agent"], ["review", "Review"]],
  shares: [[[0.5, 0.25], [0, 0]], [[0, 1], [0, 0]]],
  done: [3, 3], deadline: 1, draw: 4, luck: 0,
};

test("bars stand on one another and are as high as their share", () => {
  const [agent, review] = all(lanesPicture(run, 2, 400), (node) => node.name === "path").map((path) => path.attributes.d);
  assert.deepEqual(agent.match(/v-[\d.]+/g), ["v-8.0"]);
  assert.deepEqual(review.match(/v-[\d.]+/g), ["v-4.0", "v-16.0"]);
  assert.deepEqual([agent, review].map((d) => d.match(/M[\d.]+ ([\d.]+)/)[1]), ["22.0", "14.0"]);
});

test("what lies after the week is covered", () => {
  const [start, end] = [0, 2].map((week) => all(lanesPicture(run, week, 400), (node) => node.attributes.class === "cover")[0].attributes);
  assert.equal(start.width, 400 - 8 - 112);
  assert.equal(end.width, 0);
});

test("words tell the week, its hours and what is done", () => {
  assert.equal(weekWords(run, 1), "Week 1, to 13 November 2026: 3 tasks done so far; with an agent 20 h, review 50 h");
  assert.equal(weekWords(run, 2), "Week 2, to 20 November 2026: 3 tasks done so far; nobody is at a task");
  assert.equal(weekWords(run, 0), "Before the first week");
  assert.deepEqual(run.people.map(shortName), ["Novice 1", "Expert, analyst 1"]);
  assert.ok(textOf(lanesPicture(run, 1, 400)).includes("Novice 1"));
});
