// Sessions of a run open to their odds and what came.
import assert from "node:assert/strict";
import test from "node:test";

import { sessionsOf, sessionTrees, whenWords } from "../../../sim/planning/page/sessions.js";
import { all, textOf } from "../../../sim/planning/page/tree.js";

const sessions = {
  rows: [
    [0, 38, 39.5, "12", 1.5, false, 0.74, 0.31, "partial", 0.6, { size: 0.8, task: 1.2 }],
    [1, 39, 39.6, "13", 0.5, true, 0.2, 0.1, "failed", 0.4, { advanced: 0.5 }],
    [0, 39.5, 41, "14", 1.5, false, 0.7, 0.3, "verified", 0.6, {}],
  ],
  parts: { size: "the size of the piece", advanced: "advanced work", task: "this task" },
  came: { failed: "nothing", partial: "a part of it done", verified: "judged done, with hard evidence" },
  reference: 0.7, hours_per_week: 40,
};

test("a session is listed for its person in the week in which it ends", () => {
  assert.deepEqual(sessionsOf(sessions, 0, 1).map((one) => one.task), ["12"]);
  assert.deepEqual(sessionsOf(sessions, 0, 2).map((one) => one.task), ["14"]);
  assert.deepEqual(sessionsOf(sessions, 1, 2), []);
});

test("it opens to its chance, what that was made of in order, and what came", () => {
  const [tree] = sessionTrees(sessions, sessionsOf(sessions, 0, 1), 1);
  assert.equal(tree.name, "details");
  const rows = all(tree, (one) => one.name === "tr").map((row) => textOf(row));
  assert.match(rows[0], /The level alone.*60%/);
  assert.match(rows[1], /the size of the piece× 0.8$/);
  assert.match(rows[2], /this task× 1.2$/);
  assert.match(rows[3], /judged done74%$/);
  assert.match(textOf(tree), /74% likely, a part of it done · task 12 · average work, 1.5 expert-hours · Friday, hour 7/);
});

test("a week without a session says so, and no week says what there will be", () => {
  assert.match(textOf(sessionTrees(sessions, [], 3)[0]), /No session ends/);
  assert.match(textOf(sessionTrees(sessions, [], 0)[0]), /Move to a week/);
  assert.equal(whenWords(0), "Monday, hour 1");
  assert.equal(whenWords(15.9), "Tuesday, hour 8");
});
