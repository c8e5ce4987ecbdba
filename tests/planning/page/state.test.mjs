// What was moved is kept, undone and carried by an address as it was.
import assert from "node:assert/strict";
import test from "node:test";

import { fromFragment, History, moved, movedWith, MOST_ADDRESS, toFragment } from "../../../sim/planning/page/state.js";

const controls = [
  { id: "weeks", value: 30 },
  { id: "hours", value: [8, 22] },
  { id: "plan.tool", value: "as today" },
];

test("a control moved back to where it stood leaves nothing behind", () => {
  const state = moved(moved({}, controls, "hours", [12, 14]), controls, "weeks", 26);
  assert.deepEqual(state, { hours: [12, 14], weeks: 26 });
  assert.deepEqual(moved(moved(state, controls, "hours", [8, 22]), controls, "weeks", 30), {});
});

test("a run is as long as its deadline, whichever of the two is moved", () => {
  const both = [{ id: "weeks", value: 30 }, { id: "deadline", value: 20 }];
  assert.deepEqual(movedWith({}, both, "deadline", 45), { deadline: 45, weeks: 45 });
  assert.deepEqual(movedWith({}, both, "weeks", 15), { deadline: 15, weeks: 15 });
  assert.deepEqual(movedWith({}, both, "weeks", 25), { weeks: 25 });
  assert.deepEqual(movedWith({}, controls, "weeks", 5), { weeks: 5 }); // without a deadline
});

test("the order of moving does not matter", () => {
  const one = moved(moved({}, controls, "weeks", 26), controls, "hours", [12, 14]);
  const other = moved(moved({}, controls, "hours", [12, 14]), controls, "weeks", 26);
  assert.equal(JSON.stringify(one), JSON.stringify(other));
});

test("undo and redo go through every state, and a new one forgets what was undone", () => {
  const history = new History({});
  for (const weeks of [10, 20, 30]) history.put({ weeks });
  assert.deepEqual([history.undo(), history.undo()], [{ weeks: 20 }, { weeks: 10 }]);
  assert.deepEqual(history.redo(), { weeks: 20 });
  history.put({ weeks: 5 });
  assert.equal(history.canRedo, false);
  assert.deepEqual([history.undo(), history.undo(), history.undo()], [{ weeks: 20 }, { weeks: 10 }, {}]);
  assert.equal(history.canUndo, false);
});

test("the same state twice is one step, and only so many are kept", () => {
  const history = new History({}, 3);
  for (const weeks of [1, 1, 2, 3, 4]) history.put({ weeks });
  assert.deepEqual(history.states, [{ weeks: 2 }, { weeks: 3 }, { weeks: 4 }]);
});

test("an address carries the state, whatever letters the name has", () => {
  const state = { hours: [12, 14], weeks: 26 };
  for (const name of ["our-plan", "größe/ß", "a b"]) {
    const fragment = toFragment(name, state);
    assert.match(fragment, /^#plan=[\w-]+$/);
    assert.deepEqual(fromFragment(fragment, name, controls), state);
  }
});

test("an address without a plan is none, and a wrong one is refused in a line", () => {
  assert.equal(fromFragment("", "p", controls), null);
  assert.equal(fromFragment("#top", "p", controls), null);
  const wrong = [
    ["#plan=", /holds no plan/],
    ["#plan=%%%", /holds no plan/],
    [toFragment("p", { weeks: 26 }).slice(0, -4), /holds no plan/],
    [`#plan=${btoa("[1]")}`, /holds no plan/],
    [`#plan=${btoa('{"of":"p","state":[]}')}`, /holds no plan/],
    [`#plan=${"A".repeat(MOST_ADDRESS)}`, /too long/],
    [toFragment("other", { weeks: 26 }), /of another plan, other: open it with tiercurve plan other/],
    [toFragment("p", { "<img src=x>": 1 }), /does not have: <img src=x>/],
    [toFragment("p", JSON.parse('{"__proto__": 1}')), /does not have: __proto__/],
  ];
  for (const [fragment, line] of wrong) assert.throws(() => fromFragment(fragment, "p", controls), line);
});
