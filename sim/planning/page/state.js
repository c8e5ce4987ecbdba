// What was moved: a state of the controls, its history, and the address that carries it. Pure.

export const MOST_ADDRESS = 4000; // letters

export function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

// A state with one control moved; where it stands as the plan has it, nothing is kept.
export function moved(state, controls, id, value) {
  const { [id]: _, ...rest } = state;
  const control = controls.find((each) => each.id === id);
  return same(value, control.value) ? rest : sorted({ ...rest, [id]: value });
}

// The same, and what it takes along: a run is as long as its deadline at least.
export function movedWith(state, controls, id, value) {
  const next = moved(state, controls, id, value);
  const [weeks, deadline] = ["weeks", "deadline"].map((one) => valueOf(next, controls, one));
  if (deadline === undefined || deadline <= weeks) return next;
  return id === "weeks" ? moved(next, controls, "deadline", weeks) : moved(next, controls, "weeks", deadline);
}

export function valueOf(state, controls, id) {
  return id in state ? state[id] : controls.find((each) => each.id === id)?.value;
}

function sorted(state) {
  return Object.fromEntries(Object.entries(state).sort(([one], [other]) => (one < other ? -1 : 1)));
}

// What was done and undone, as in every editor: a new state forgets what was undone.
export class History {
  constructor(first, most = 200) {
    this.states = [first];
    this.place = 0;
    this.most = most;
  }

  get now() {
    return this.states[this.place];
  }

  get canUndo() {
    return this.place > 0;
  }

  get canRedo() {
    return this.place < this.states.length - 1;
  }

  put(state) {
    if (same(state, this.now)) return;
    this.states = [...this.states.slice(0, this.place + 1), state].slice(-this.most);
    this.place = this.states.length - 1;
  }

  undo() {
    if (this.canUndo) this.place -= 1;
    return this.now;
  }

  redo() {
    if (this.canRedo) this.place += 1;
    return this.now;
  }
}

// ---- the address -------------------------------------------------------------------------------

// The part of an address after "#": the plan's name, and what was moved of it.
export function toFragment(name, state) {
  const bytes = new TextEncoder().encode(JSON.stringify({ of: name, state }));
  const text = btoa(String.fromCharCode(...bytes));
  return `#plan=${text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}`;
}

// The state of an address, null where it holds none. Throws an Error of one line.
export function fromFragment(fragment, name, controls) {
  if (!fragment.startsWith("#plan=")) return null;
  if (fragment.length > MOST_ADDRESS) throw new Error("This link is too long to be a plan.");
  let kept;
  try {
    const text = fragment.slice("#plan=".length).replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    kept = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new Error("This link holds no plan: it was cut or changed.");
  }
  if (!isTable(kept) || typeof kept.of !== "string" || !isTable(kept.state)) {
    throw new Error("This link holds no plan: it was cut or changed.");
  }
  if (kept.of !== name) {
    const of = kept.of.slice(0, 60);
    throw new Error(`This link is of another plan, ${of}: open it with tiercurve plan ${of}.`);
  }
  const ids = new Set(controls.map((control) => control.id));
  const unknown = Object.keys(kept.state).find((id) => !ids.has(id));
  if (unknown !== undefined) {
    throw new Error(`This link moves what this plan does not have: ${unknown.slice(0, 60)}.`);
  }
  return sorted(kept.state);
}

function isTable(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
