// Asks for answers: a rough one while something moves, finer ones when it rests, the latest always.

export const ROUGH = 0;
const MOST_KEPT = 200; // answers kept by what was asked

export class Loop {
  // ask     params -> promise of an answer
  // show    called with (answer, moving)
  // failed  called with a Fault; superseded ones are not told
  constructor(ask, show, failed) {
    this.ask = ask;
    this.show = show;
    this.failed = failed;
    this.kept = new Map();
    this.wanted = null; // what is to be answered: { state, moving }
    this.busy = false;
    this.out = null; // what is asked: { state, stage, leave }; leave stops waiting for it
  }

  // Something moves, or has come to rest. Returns a promise that ends when nothing is left to ask.
  want(state, moving) {
    this.wanted = { state, moving };
    if (this.isUnwanted()) this.out.leave();
    this.running = this.busy ? this.running : this.run();
    return this.running;
  }

  isWanted(params) {
    return this.wanted !== null && keyOf(this.wanted.state) === keyOf(params.state);
  }

  // Whether what is asked is of an older state; while something moves each rough answer is shown.
  isUnwanted() {
    if (!this.out || this.isWanted(this.out)) return false;
    return !this.wanted.moving || this.out.stage !== ROUGH;
  }

  async run() {
    this.busy = true;
    try {
      while (this.wanted) {
        const { state, moving } = this.wanted;
        await this.answer(state, moving);
        if (this.wanted?.state === state && this.wanted.moving === moving) this.wanted = null;
      }
    } finally {
      this.busy = false;
    }
  }

  // Stage after stage, until the last or until something else is wanted.
  async answer(state, moving) {
    for (let stage = ROUGH; ; stage += 1) {
      const answer = await this.one({ state, stage });
      const older = this.wanted?.state !== state;
      if (answer === null || (older && !this.wanted?.moving)) return;
      this.show(answer, this.wanted?.moving ?? moving);
      if (older || moving || answer.last) return;
    }
  }

  async one(params) {
    const key = keyOf(params);
    if (this.kept.has(key)) return this.kept.get(key);
    try {
      const asked = this.ask(params).then((answer) => this.keep(key, answer));
      asked.catch(() => {}); // told below, unless nobody waits for it
      const left = new Promise((leave) => {
        this.out = { ...params, leave: () => leave(null) };
      });
      return await Promise.race([asked, left]);
    } catch (fault) {
      if (fault.kind === "superseded" && this.isWanted(params)) return await this.one(params); // it was overtaken
      if (fault.kind !== "superseded") this.failed(fault, params);
      return null;
    } finally {
      this.out = null;
    }
  }

  keep(key, answer) {
    this.kept.set(key, answer);
    if (this.kept.size > MOST_KEPT) this.kept.delete(this.kept.keys().next().value);
    return answer;
  }
}

function keyOf(params) {
  return JSON.stringify(params);
}
