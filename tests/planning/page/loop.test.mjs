// Answers come rough while something moves and finer when it rests, and the latest always wins.
import assert from "node:assert/strict";
import test from "node:test";

import { Fault } from "../../../sim/planning/page/http.js";
import { Loop } from "../../../sim/planning/page/loop.js";

// A port whose answers are given by hand, in any order.
function port() {
  const asked = [];
  const ask = (params) => new Promise((resolve, reject) => asked.push({ params, resolve, reject }));
  const shown = [];
  const faults = [];
  const loop = new Loop(ask, (answer, moving) => shown.push([answer.of, answer.stage, moving]), (fault) => faults.push(fault.kind));
  const give = async (place) => {
    const { params, resolve } = asked[place];
    resolve({ of: params.state.name, stage: params.stage, last: params.stage === 2 });
    await new Promise((after) => setImmediate(after));
  };
  return { asked, shown, faults, loop, give, told: () => asked.map(({ params }) => [params.state.name, params.stage]) };
}

test("at rest all stages are asked, one after another", async () => {
  const { loop, give, shown, told } = port();
  loop.want({ name: "a" }, false);
  for (const place of [0, 1, 2]) await give(place);
  assert.deepEqual(shown, [["a", 0, false], ["a", 1, false], ["a", 2, false]]);
  assert.equal(told().length, 3);
});

test("while something moves one rough answer is asked at a time, then that of the latest place", async () => {
  const { loop, give, told, shown } = port();
  for (const name of ["a", "b", "c", "d"]) loop.want({ name }, true);
  assert.deepEqual(told(), [["a", 0]]);
  await give(0);
  assert.deepEqual(told(), [["a", 0], ["d", 0]]);
  await give(1);
  assert.deepEqual(shown, [["a", 0, true], ["d", 0, true]]);
});

test("a finer answer that is under way keeps nobody waiting, and is never shown", async () => {
  const { loop, give, told, shown } = port();
  loop.want({ name: "a" }, false);
  await give(0);
  await give(1);
  loop.want({ name: "b" }, false); // the last stage of a is still out
  await new Promise((after) => setImmediate(after));
  assert.deepEqual(told().at(-1), ["b", 0]);
  await give(2);
  await give(3);
  assert.deepEqual(shown, [["a", 0, false], ["a", 1, false], ["b", 0, false]]);
});

test("when something comes to rest, nobody waits for the rough answer to an older place", async () => {
  const { loop, give, told, shown } = port();
  loop.want({ name: "a" }, true);
  loop.want({ name: "b" }, true);
  loop.want({ name: "c" }, false); // a is still out
  await new Promise((after) => setImmediate(after));
  assert.deepEqual(told(), [["a", 0], ["c", 0]]);
  await give(0);
  await give(1);
  assert.deepEqual(shown, [["c", 0, false]]);
});

test("a rough answer to the place where something comes to rest is waited for", async () => {
  const { loop, give, told, shown } = port();
  loop.want({ name: "a" }, true);
  loop.want({ name: "a" }, false);
  await new Promise((after) => setImmediate(after));
  assert.deepEqual(told(), [["a", 0]]);
  await give(0);
  assert.deepEqual(shown, [["a", 0, false]]);
});

test("what was answered is not asked again", async () => {
  const { loop, give, told, shown } = port();
  const state = { name: "a" };
  loop.want(state, true);
  await give(0);
  await loop.running;
  loop.want({ name: "a" }, false);
  await new Promise((after) => setImmediate(after));
  assert.deepEqual(told(), [["a", 0], ["a", 1]]);
  assert.deepEqual(shown.at(-1), ["a", 0, false]);
});

test("a fault is told, and the next is asked all the same", async () => {
  const { loop, asked, give, faults, shown } = port();
  loop.want({ name: "a" }, false);
  asked[0].reject(new Fault("lost", "gone"));
  await loop.running;
  assert.deepEqual(faults, ["lost"]);
  loop.want({ name: "c" }, true);
  await give(1);
  assert.deepEqual(shown, [["c", 0, true]]);
});

test("what an older request overtook on its way is asked again, and nobody is told", async () => {
  const { loop, asked, give, faults, shown, told } = port();
  loop.want({ name: "a" }, true);
  loop.want({ name: "b" }, false);
  await new Promise((after) => setImmediate(after));
  asked[1].reject(new Fault("superseded", "newer")); // a came after b
  await new Promise((after) => setImmediate(after));
  assert.deepEqual(told(), [["a", 0], ["b", 0], ["b", 0]]);
  await give(0);
  await give(2);
  assert.deepEqual(shown, [["b", 0, false]]);
  assert.deepEqual(faults, []);
});
