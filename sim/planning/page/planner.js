// The planning page: controls on one side, what they change on the other.
//
// port : { opening(), ask(params), run(params), file(params) }, each a promise; the page knows of no
//        server. Without run no run is watched, without file no plan is taken away; moved(state), if
//        there, is told where the controls rest.
// address : { get(), put(fragment), follow(changed), copy() } of a window that is the page's own, or null
import { controlPanel } from "./controls.js";
import { CARDS, fill, fillCard, layout, save } from "./layout.js";
import { Loop } from "./loop.js";
import { pictureFile } from "./picture.js";
import { answerCard, basisCard, cards } from "./results.js";
import { dayWords, Frames, number } from "./scale.js";
import { fromFragment, History, movedWith, toFragment } from "./state.js";
import { el, toElement } from "./tree.js";
import { Watch } from "./watch.js";

const AGAIN = 2000; // ms between tries to reach a server that is lost

export async function mount(root, port, address = null) {
  let opening;
  try {
    opening = await port.opening();
  } catch (fault) {
    root.replaceChildren(toElement(el("p", { class: "alone", role: "alert" }, fault.message)));
    return null;
  }
  return new Page(root, port, opening, address);
}

class Page {
  constructor(root, port, opening, address) {
    Object.assign(this, { root, port, opening, address, frames: new Frames(), shown: null, trying: null });
    this.history = new History(this.first());
    this.panel = controlPanel(opening, (...all) => this.move(...all), (...all) => this.words(...all));
    this.watch = port.run ? new Watch((which) => this.run(which), () => this.parts.wide()) : null;
    const parts = { controls: this.panel.element, tools: this.tools(), watch: this.watch?.element };
    this.parts = layout(opening, parts, Boolean(address));
    root.replaceChildren(this.parts.element);
    this.loop = new Loop((params) => port.ask(params), (answer, moving) => this.show(answer, moving), (fault) => this.failed(fault));
    this.state = this.history.now;
    this.follow();
    this.want(this.state, false);
    this.listen();
  }

  // The state of the address, or the one the page opens with.
  first() {
    const { name, controls, state } = this.opening;
    try {
      return fromFragment(this.address?.get() ?? "", name, controls) ?? state;
    } catch (fault) {
      this.faulty = fault.message;
      return state;
    }
  }

  listen() {
    if (this.faulty) this.say(this.faulty);
    this.address?.follow(() => {
      try {
        const { name, controls } = this.opening;
        const state = fromFragment(this.address.get(), name, controls);
        if (state) this.go(state);
      } catch (fault) {
        this.say(fault.message);
      }
    });
    const keys = this.address ? window : this.root; // of another page only what is pressed in this one
    keys.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.target.matches("input[type=number]")) return;
      const key = event.key.toLowerCase();
      if (key === "z") this.step(event.shiftKey ? "redo" : "undo", event);
      if (key === "y") this.step("redo", event);
    });
    let width = this.root.clientWidth;
    new ResizeObserver(() => {
      if (this.root.clientWidth === width || !this.shown) return;
      width = this.root.clientWidth;
      this.draw(this.shown, false);
    }).observe(this.root);
  }

  // ---- moving ------------------------------------------------------------------------------

  move(id, value, moving) {
    this.state = movedWith(this.state, this.opening.controls, id, value);
    if (!moving) this.history.put(this.state);
    this.follow();
    if (!moving) this.keep();
    this.want(this.state, moving);
  }

  // A run to watch, or null where it cannot be had.
  async run(which) {
    try {
      return await this.port.run({ state: this.state, which });
    } catch (fault) {
      if (fault.kind !== "superseded") this.failed(fault);
      return null;
    }
  }

  want(state, moving) {
    this.watch?.leave();
    if (!this.asking) this.say("");
    this.parts.answer.dataset.last = false;
    this.loop.want(state, moving);
  }

  go(state) {
    this.history.put(state);
    this.state = state;
    this.follow();
    this.want(state, false);
  }

  step(way, event) {
    event?.preventDefault();
    this.state = this.history[way]();
    this.follow();
    this.keep();
    this.want(this.state, false);
  }

  follow() {
    this.panel.follow(this.state);
    this.buttons.undo.disabled = !this.history.canUndo;
    this.buttons.redo.disabled = !this.history.canRedo;
    this.buttons.reset.disabled = Object.keys(this.state).length === 0;
  }

  keep() {
    this.address?.put(toFragment(this.opening.name, this.state));
    this.port.moved?.(this.state);
  }

  words(control, value) {
    if (control.choices) return control.choices[value];
    if (control.kind === "pair") return value[0] === value[1] ? `${value[0]} ${control.unit}` : `${value[0]} to ${value[1]} ${control.unit}`;
    if (["deadline", "join", "train_start", "plan.tool_start"].includes(control.id)) return `${value} · ${dayWords(this.dayOf(value, control.id === "deadline"))}`;
    return control.unit === "%" ? `${value}%` : `${number(value)} ${control.unit}`;
  }

  // The day on which a week of the run ends, or begins.
  dayOf(week, ends) {
    const day = new Date(Date.parse(`${this.opening.first_day}T00:00:00Z`) + 7 * week * 864e5);
    do day.setUTCDate(day.getUTCDate() - (ends ? 1 : 0));
    while (ends && [0, 6].includes(day.getUTCDay()));
    return day.toISOString().slice(0, 10);
  }

  // ---- showing -----------------------------------------------------------------------------

  show(answer, moving) {
    this.found();
    if (this.asking) this.say("");
    this.shown = answer;
    this.draw(answer, moving);
  }

  draw(answer, moving) {
    const { parts } = this;
    fill(parts.answer, answerCard(answer));
    parts.answer.dataset.worlds = answer.worlds;
    parts.answer.dataset.drawn = Number(parts.answer.dataset.drawn ?? 0) + 1;
    parts.answer.dataset.last = answer.last && !moving;
    fill(parts.changes, changesOf(answer));
    const every = cards(answer, parts.width(), this.frames, moving);
    if (answer.basis) every.basis = basisCard(answer, this.opening, this.yours());
    for (const name of CARDS) {
      if (name === "basis" && !every.basis) continue; // what was told stays until the last stage
      parts.cards[name].hidden = !every[name];
      if (every[name]) fillCard(parts.cards[name], every[name]);
    }
    this.root.classList.toggle("rough", answer.coarse);
    this.root.classList.remove("stale");
  }

  // Controls that were moved, in words.
  yours() {
    return this.opening.controls
      .filter((control) => control.id in this.state && control.id !== "hours")
      .map((control) => {
        const value = this.state[control.id];
        const words = control.kind === "people" ? signedCount(control, value) : this.words(control, value);
        return { label: control.label, value: words };
      });
  }

  // ---- what goes wrong ---------------------------------------------------------------------

  failed(fault) {
    this.say(fault.kind === "lost" ? `${fault.message} Trying again…` : fault.message, true);
    this.root.classList.add("stale"); // what is shown answers another state
    if (fault.kind !== "lost" || this.trying) return;
    this.trying = setInterval(() => this.tryAgain(), AGAIN);
  }

  async tryAgain() {
    try {
      await this.port.opening();
    } catch (fault) {
      if (fault.kind === "lost") return;
      this.found();
      this.say(fault.message, true);
      return;
    }
    this.found();
    this.say("");
    this.want(this.state, false);
  }

  found() {
    clearInterval(this.trying);
    this.trying = null;
  }

  // A line above the answer; one of asking goes with the next answer, others when something moves.
  say(line, asking = false) {
    this.asking = asking;
    this.parts.notice.textContent = line;
    this.parts.notice.hidden = !line;
  }

  // ---- taking away -------------------------------------------------------------------------

  tools() {
    const button = (word, label, onclick) => toElement(el("button", { type: "button", title: label, onclick }, word));
    this.buttons = {
      undo: button("Undo", "Undo", (event) => this.step("undo", event)),
      redo: button("Redo", "Redo", (event) => this.step("redo", event)),
      reset: button("Reset", "All controls as the plan's file states them", () => (this.go({}), this.keep())),
    };
    const take = [
      this.address && button("Copy link", "Copy an address that carries this plan", () => this.copy()),
      this.port.file && button("Plan (TOML)", "Download the plan as a file for tiercurve run", () => this.download("plan")),
      this.port.file && button("Today (TOML)", "Download today as a file for tiercurve run", () => this.download("today")),
      button("Picture", "Download the answer as a picture", () => this.picture()),
    ];
    return [...Object.values(this.buttons), toElement(el("span", { class: "gap" })), ...take.filter(Boolean)];
  }

  async copy() {
    this.keep();
    try {
      await this.address.copy();
      this.say("Copied: it opens this plan while the page is served on this machine.");
    } catch {
      this.say("The address of this page carries the plan: copy it from the address bar.");
    }
  }

  async download(which) {
    try {
      save(`${which}.toml`, await this.port.file({ state: this.state, which }), "application/toml");
    } catch (fault) {
      this.failed(fault);
    }
  }

  picture() {
    if (this.shown) save("plan.svg", pictureFile(this.shown, this.opening), "image/svg+xml");
  }
}

function signedCount(control, value) {
  return control.group === "plan" ? `${value > 0 ? "+" : "−"}${Math.abs(value)}` : String(value);
}

function changesOf(answer) {
  const lines = [...answer.changes, ...answer.facts.map((line) => `holds today too: ${line}`)];
  if (!lines.length) return [];
  return [el("h2", {}, "What the plan changes"), el("ul", {}, lines.map((line) => el("li", {}, line)))];
}
