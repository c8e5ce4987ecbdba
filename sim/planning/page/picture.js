// The answer as one SVG file that needs nothing else: the sentence and the picture that shows it.
import { chancePicture, countsWords, differencesPicture, runsPicture, weeklyPicture } from "./charts.js";
import { rounded } from "./scale.js";
import { el, SVG, toText } from "./tree.js";

const WIDTH = 720;
const LETTERS = 74; // of a line of the sentence
const STYLE = `
text { font: 13px system-ui, sans-serif; fill: #222; } .head { font-size: 18px; font-weight: 600; }
.sub, .tick, .note { fill: #555; font-size: 12px; } .label { font-weight: 600; paint-order: stroke; stroke: #fff; stroke-width: 4px; }
.grid { stroke: #e3e3e3; } .axis { stroke: #555; } .deadline, .zero { stroke: #555; stroke-dasharray: 2 3; }
.line { fill: none; stroke-width: 2.5; } .line.plan { stroke: #0072B2; } .line.today { stroke: #555; stroke-dasharray: 6 4; }
.band { stroke: none; opacity: .18; } .band.plan, .mark.plan, .dot.plan, .dot.better { fill: #0072B2; }
.band.today, .mark.today { fill: #555; } .dot.worse, .dot.today { fill: #A63F00; } .dot.both { fill: #9cc3dc; }
.dot.neither { fill: none; stroke: #777; stroke-width: 1.5; } .label.plan { fill: #0072B2; }
`;

export function pictureFile(answer, opening) {
  const look = { width: WIDTH - 40, coarse: answer.coarse, moved: answer.verdict !== "today" };
  const sentence = wrapped(answer.sentence);
  const shown = pictures(answer, look);
  let top = 34 + sentence.length * 24;
  const parts = shown.flatMap(({ title, tree }) => {
    const { width, height } = tree.attributes;
    const y = top + 26;
    top = y + height + 18;
    return [
      el("text", { x: 20, y: y - 8, class: "sub" }, title),
      el("svg", { x: 20, y, width, height, viewBox: tree.attributes.viewBox }, tree.children),
    ];
  });
  const height = top + 24;
  const foot = `${opening.name}: ${answer.worlds} simulated runs of each plan. Not a basis for workforce change on its own.`;
  const file = el(
    "svg", { xmlns: SVG, viewBox: `0 0 ${WIDTH} ${height}`, width: WIDTH, height, role: "img" },
    el("title", {}, answer.sentence),
    el("style", {}, STYLE),
    el("rect", { width: WIDTH, height, fill: "#fff" }),
    sentence.map((line, i) => el("text", { x: 20, y: 34 + i * 24, class: "head" }, line)),
    parts,
    el("text", { x: 20, y: height - 12, class: "sub" }, foot),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${toText(file)}\n`;
}

function pictures(answer, look) {
  const { dots, chance, weekly } = answer;
  const shown = [];
  if (dots?.values) {
    const frame = rounded([...dots.values, 0]);
    shown.push({ title: countsWords(dots), tree: differencesPicture(dots, { ...look, frame, unit: answer.unit }) });
  } else if (dots) shown.push({ title: countsWords(dots), tree: runsPicture(dots, look) });
  if (chance) shown.push({ title: "Chance that it is done by the end of each week", tree: chancePicture(chance, look) });
  if (!chance) {
    const frame = rounded([0, ...weekly.plan[2], ...weekly.today[1]]);
    shown.push({ title: weekly.label, tree: weeklyPicture(weekly, { ...look, frame }) });
  }
  return shown;
}

export function wrapped(sentence, most = LETTERS) {
  const lines = [""];
  for (const word of sentence.split(" ")) {
    if (lines.at(-1) && `${lines.at(-1)} ${word}`.length > most) lines.push(word);
    else lines[lines.length - 1] = `${lines.at(-1)} ${word}`.trim();
  }
  return lines;
}
