// One run to watch: who does what, week by week; played, stepped, or moved to a week.
import { dayWords, linear, months, number } from "./scale.js";
import { sessionsOf, sessionTrees } from "./sessions.js";
import { el, toElement } from "./tree.js";

const HOURS = 40; // of a week
const [LEFT, TOP, LANE, FOOT] = [112, 4, 20, 36];
const PACE = 600; // ms a week, at speed 1

// Lanes of a run, all weeks of it; those after `week` are behind a cover.
export function lanesPicture(run, week, width) {
  const weeks = run.days.length;
  const x = linear([0, weeks], [LEFT, width - 8]);
  const floor = TOP + LANE * run.people.length;
  const names = run.people.map((name, i) => el("text", { x: LEFT - 6, y: TOP + LANE * (i + 0.68), class: "tick", "text-anchor": "end" }, shortName(name)));
  const paths = run.activities.map(([name], a) => el("path", { class: `hours ${name}`, d: barsOf(run, a, x) }));
  const ticks = months(run.days, Math.max(3, Math.floor(width / 80))).map(({ place, text, year }) => [
    el("text", { x: x(place), y: floor + 17, class: "tick", "text-anchor": "middle" }, text),
    year && el("text", { x: x(place), y: floor + 31, class: "tick", "text-anchor": "middle" }, year),
  ]);
  const deadline = run.deadline && el("line", { x1: x(run.deadline), x2: x(run.deadline), y1: TOP, y2: floor, class: "deadline" });
  return el(
    "svg", { class: "picture", width, height: floor + FOOT, viewBox: `0 0 ${width} ${floor + FOOT}`, role: "img", "aria-label": weekWords(run, week) },
    names, ticks, paths, deadline,
    el("rect", { class: "cover", x: x(week), y: TOP, width: Math.max(0, width - 8 - x(week)), height: floor - TOP }),
    el("line", { class: "zero", x1: x(week), x2: x(week), y1: TOP, y2: floor }),
  );
}

export function shortName(name) {
  const short = name.replace(/-level (engineer|adjacent)/, (_, role) => (role === "engineer" ? "" : ", analyst"));
  return short.charAt(0).toUpperCase() + short.slice(1);
}

// One activity of everybody as one path: a bar a week, on those of the activities before it.
function barsOf(run, activity, x) {
  const step = x(1) - x(0);
  const wide = Math.max(0.5, step - 0.6);
  return run.shares.flatMap((byWeek, person) => byWeek.flatMap((shares, week) => {
    const high = shares[activity] * (LANE - 4);
    if (high < 0.05) return [];
    const below = shares.slice(0, activity).reduce((sum, share) => sum + share, 0) * (LANE - 4);
    const foot = TOP + LANE * (person + 1) - 2 - below;
    return [`M${x(week).toFixed(1)} ${foot.toFixed(1)}h${wide.toFixed(1)}v${(-high).toFixed(1)}h${(-wide).toFixed(1)}z`];
  })).join("");
}

// A week of a run in words.
export function weekWords(run, week) {
  if (!week) return "Before the first week";
  const hours = run.activities.map(([, words], a) => {
    const sum = HOURS * run.shares.reduce((all, byWeek) => all + byWeek[week - 1][a], 0);
    return sum >= 0.5 ? `${words.toLowerCase()} ${number(sum, 0)} h` : null;
  });
  const told = hours.filter(Boolean).join(", ") || "nobody is at a task";
  return `Week ${week}, to ${dayWords(run.days[week - 1])}: ${number(run.done[week - 1], 0)} tasks done so far; ${told}`;
}

export class Watch {
  // ask(which) : promise of a run of the plan or of today; width() : of the card
  constructor(ask, width) {
    Object.assign(this, { ask, width, run: null, week: 0, playing: null });
    const button = (word, onclick) => toElement(el("button", { type: "button", onclick }, word));
    this.ways = ["plan", "today"].map((which) => button(which === "plan" ? "Watch the plan" : "Watch today", () => this.load(which)));
    this.play = button("Play", () => (this.playing ? this.stop() : this.start()));
    this.back = button("◀ Week", () => this.go(this.week - 1));
    this.next = button("Week ▶", () => this.go(this.week + 1));
    this.speed = toElement(el("select", { "aria-label": "Speed" }, [1, 2, 4].map((times) => el("option", { value: times }, `× ${times}`))));
    this.speed.addEventListener("change", () => this.playing && this.start());
    this.slider = toElement(el("input", { type: "range", min: 0, max: 1, step: 1, "aria-label": "Week of the run" }));
    this.slider.addEventListener("input", () => this.go(Number(this.slider.value)));
    this.words = toElement(el("p", { class: "sub" }));
    this.stage = toElement(el("div", { class: "lanes" }));
    const bar = toElement(el("div", { class: "bar" }));
    bar.append(this.back, this.play, this.next, this.speed, this.slider);
    this.who = toElement(el("select", { "aria-label": "Person whose sessions are listed" }));
    this.who.addEventListener("change", () => this.list());
    this.sessions = toElement(el("div", { class: "sessions" }));
    this.opened = toElement(el("div", { class: "bar", hidden: true }, el("span", {}, "Sessions of")));
    this.opened.append(this.who);
    this.shown = toElement(el("div", { hidden: true }));
    this.shown.append(this.words, this.stage, bar, this.opened, this.sessions);
    const choose = toElement(el("div", { class: "bar" }));
    choose.append(...this.ways);
    this.element = toElement(el("section", { class: "card watch" }, el("h2", {}, "Watch one run")));
    this.element.append(toElement(el("p", { class: "sub" }, "The one nearest to the middle: what would happen once, not what is expected.")), choose, this.shown);
  }

  // Another state: what was watched is of another plan.
  leave() {
    this.stop();
    this.shown.hidden = true;
    this.run = null;
  }

  async load(which) {
    const run = await this.ask(which);
    if (!run) return;
    this.run = run;
    this.shown.hidden = false;
    this.slider.max = run.days.length;
    this.opened.hidden = !run.sessions;
    this.who.replaceChildren(...run.people.map((name, i) => toElement(el("option", { value: i }, shortName(name)))));
    if (!run.sessions) this.sessions.replaceChildren();
    this.draw();
    this.go(0);
    this.start();
  }

  draw() {
    const key = el("ul", { class: "key" }, this.run.activities.map(([name, words]) => el("li", {}, el("svg", { width: 14, height: 14, viewBox: "0 0 14 14", "aria-hidden": "true" }, el("rect", { x: 1, y: 1, width: 12, height: 12, class: `hours ${name}` })), words)));
    this.stage.replaceChildren(toElement(lanesPicture(this.run, this.week, this.width())), toElement(key));
  }

  go(week) {
    const weeks = this.run.days.length;
    this.week = Math.max(0, Math.min(weeks, week));
    const x = linear([0, weeks], [LEFT, this.width() - 8])(this.week);
    const [cover, now] = [this.stage.querySelector(".cover"), this.stage.querySelector(".zero")];
    cover.setAttribute("x", x);
    cover.setAttribute("width", Math.max(0, this.width() - 8 - x));
    ["x1", "x2"].forEach((end) => now.setAttribute(end, x));
    this.slider.value = this.week;
    this.words.textContent = `${weekWords(this.run, this.week)}.`;
    this.stage.querySelector("svg").setAttribute("aria-label", this.words.textContent);
    if (this.week === weeks) this.stop();
    if (!this.playing) this.list();
  }

  // The sessions of a person in the week that is shown; each opens to its odds and what came.
  list() {
    const { run } = this;
    if (!run?.sessions) return;
    const rows = sessionsOf(run.sessions, Number(this.who.value), this.week);
    this.sessions.replaceChildren(...sessionTrees(run.sessions, rows, this.week).map((tree) => toElement(tree)));
  }

  start() {
    this.stop();
    if (this.week === this.run.days.length) this.week = 0;
    this.playing = setInterval(() => this.go(this.week + 1), PACE / Number(this.speed.value));
    this.play.textContent = "Pause";
  }

  stop() {
    const played = this.playing !== null;
    clearInterval(this.playing);
    this.playing = null;
    this.play.textContent = "Play";
    if (played) this.list();
  }
}
