// Pictures show the numbers of an answer, where they are, and stand still while something moves.
import assert from "node:assert/strict";
import test from "node:test";

import { chancePicture, chanceWords, countsWords, differencesPicture, hoursPicture, runsPicture, spread, stacked, weeklyPicture } from "../../../sim/planning/page/charts.js";
import { squaresOf } from "../../../sim/planning/page/controls.js";
import { pictureFile, wrapped } from "../../../sim/planning/page/picture.js";
import { Frames, linear, months, number, percent, rough, rounded, signed, ticks } from "../../../sim/planning/page/scale.js";
import { all, textOf, toText } from "../../../sim/planning/page/tree.js";

const day = (week) => new Date(Date.UTC(2026, 10, 13) + week * 7 * 864e5).toISOString().slice(0, 10);
const days = Array.from({ length: 30 }, (_, i) => day(i));
const chance = {
  days, deadline: 20, words: "by 26 March 2027",
  today: days.map((_, i) => Math.min(1, i / 30)), plan: days.map((_, i) => Math.min(1, i / 24)),
};
const classed = (tree, word) => all(tree, (node) => String(node.attributes.class ?? "").split(" ").includes(word));

test("a picture of runs has a hundred marks, each of its kind, and says how many", () => {
  const dots = { counts: { both: 66, plan: 7, today: 1, neither: 26 } };
  const tree = runsPicture(dots, { width: 400, coarse: false });
  for (const [kind, count] of Object.entries(dots.counts)) assert.equal(classed(tree, kind).length, count);
  assert.equal(tree.attributes["aria-label"], countsWords(dots));
  assert.equal(countsWords(dots), "Of 100 runs: 66 in time either way, 7 in time only with the plan, 1 in time only as today, 26 late either way");
});

test("better and worse differ in shape, not in colour alone", () => {
  const values = Array.from({ length: 100 }, (_, i) => i - 19);
  const dots = { values, better: 1, counts: { better: 80, worse: 19, same: 1 } };
  const tree = differencesPicture(dots, { width: 400, coarse: false, frame: [-20, 80], unit: "h" });
  assert.equal(all(tree, (n) => n.name === "circle" && n.attributes.class === "dot better").length, 80);
  assert.equal(all(tree, (n) => n.name === "rect" && n.attributes.class === "dot worse").length, 19);
});

test("where less is better a smaller number is better", () => {
  const dots = { values: Array(100).fill(-2), better: -1, counts: { better: 100, worse: 0, same: 0 } };
  const tree = differencesPicture(dots, { width: 400, coarse: true, frame: [-3, 0], unit: "weeks" });
  assert.equal(classed(tree, "better").length, 100);
  assert.equal(classed(tree, "pale").length, 1);
});

test("dots never lie on one another, nor above the picture", () => {
  const { r, placed } = stacked(Array.from({ length: 100 }, (_, i) => (i % 3) / 10), linear([0, 1], [0, 300]), 180);
  const places = new Set(placed.map(({ at, level }) => `${at} ${level}`));
  assert.equal(places.size, 100);
  assert.ok(Math.max(...placed.map(({ level }) => (level + 1) * 2 * r)) <= 180);
});

test("the chance at the deadline is that of its week, in the picture and in words", () => {
  const tree = chancePicture(chance, { width: 480, coarse: false, moved: true });
  assert.ok(textOf(tree).includes("today 63%") && textOf(tree).includes("plan 79%"));
  assert.equal(chanceWords(chance, false, true), "Chance to be done by 26 March 2027: 63% today, 79% with the plan");
  assert.equal(chanceWords(chance, true, false), "Chance to be done by 26 March 2027: roughly 60% today");
  assert.equal(classed(chancePicture(chance, { width: 480, coarse: false, moved: false }), "plan").length, 0);
});

test("two labels are kept apart, in their order", () => {
  assert.deepEqual(spread(10, 100), [10, 100]);
  const [one, other] = spread(50, 52);
  assert.ok(other - one >= 17 && (one + other) / 2 === 51);
  assert.ok(spread(52, 50)[0] > spread(52, 50)[1]);
});

test("an axis stands still while something moves, and fits when it rests", () => {
  const frames = new Frames();
  assert.deepEqual(frames.of("runs", [0, 97], false), [0, 100]);
  assert.deepEqual(frames.of("runs", [0, 900], true), [0, 100]);
  assert.deepEqual(frames.of("runs", [0, 900], false), [0, 1000]);
});

test("what lies outside an axis that stands still is drawn at its end", () => {
  const weekly = { days, label: "Done", unit: "tasks", today: [1, 2, 3].map((k) => days.map((_, i) => k * i)), plan: [1, 2, 9].map((k) => days.map((_, i) => k * i)) };
  const tree = weeklyPicture(weekly, { width: 480, frame: [0, 60], moved: true, coarse: false });
  const [band] = classed(tree, "band");
  const heights = band.attributes.d.match(/[ML]?[\d.]+ [\d.]+/g).map((point) => Number(point.split(" ")[1]));
  assert.ok(Math.min(...heights) >= 16);
});

test("hours fill the bar, and a piece is as wide as its share", () => {
  const hours = [{ name: "agent", label: "Agent", today: 25, plan: 50 }, { name: "idle", label: "Nothing", today: 75, plan: 50 }];
  const tree = hoursPicture(hours, { width: 456, moved: true });
  const widths = classed(tree, "hours").map((piece) => piece.attributes.width);
  assert.deepEqual(widths, [99, 299, 199, 199]);
});

test("ticks and ranges are round and hold all values", () => {
  assert.deepEqual(ticks(0, 100), [0, 20, 40, 60, 80, 100]);
  assert.deepEqual(ticks(-0.3, 0.3, 6), [-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3]);
  for (const values of [[0, 97], [-613, 12], [0.1, 0.13], [5, 5], [0, 0]]) {
    const [low, high] = rounded(values);
    assert.ok(low <= Math.min(...values) && high >= Math.max(...values));
  }
});

test("months are at their first days", () => {
  const marks = months(days, 12);
  assert.deepEqual(marks.map(({ text }) => text), ["Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun"]);
  assert.equal(marks[0].place, 22 / 7); // from Monday 9 November to 1 December
  assert.deepEqual(marks.filter(({ year }) => year).map(({ year }) => year), ["2026", "2027"]);
});

test("numbers are told as people write them", () => {
  assert.deepEqual([number(12345.6), number(-4.256), number(0), number(null)], ["12,346", "−4.26", "0", "–"]);
  assert.deepEqual([rough(2490), rough(-0.046), rough(0), rough(96)], ["2,000", "−0.05", "0", "100"]);
  assert.deepEqual([signed(3), signed(-3), signed(0)], ["+3", "−3", "0"]);
  assert.deepEqual([percent(0.734), percent(0.734, true), percent(0.003), percent(0.999), percent(1), percent(0.02, true)], ["73%", "70%", "under 1%", "over 99%", "100%", "under 10%"]);
});

test("squares show who is there, who is added and who is taken away", () => {
  const kinds = (here, plus) => squaresOf("expert", here, plus).map((square) => square.attributes.class);
  assert.deepEqual(kinds(1, 1), ["square expert", "square expert added"]);
  assert.deepEqual(kinds(2, -1), ["square expert", "square expert taken"]);
  assert.equal(textOf(squaresOf("expert", 20, 0).at(-1)), "+6");
});

test("a picture file is well-formed, stands alone and escapes what it quotes", () => {
  const answer = {
    sentence: 'A "plan" <b> & more', verdict: "better", coarse: false, worlds: 400, unit: "h", chance,
    dots: { counts: { both: 66, plan: 7, today: 1, neither: 26 } }, weekly: null,
  };
  const file = pictureFile(answer, { name: "<p>" });
  assert.ok(file.includes("A &quot;plan&quot; &lt;b&gt; &amp; more") && file.includes("&lt;p&gt;"));
  assert.ok(!/href|url\(|<script/.test(file));
  assert.equal(file.match(/<(?![/?])/g).length, file.match(/<\//g).length);
  assert.ok(wrapped("word ".repeat(40).trim(), 20).every((line) => line.length <= 20));
  assert.equal(toText({ name: "g", attributes: { a: null, b: true }, children: [] }), '<g b=""></g>');
});
