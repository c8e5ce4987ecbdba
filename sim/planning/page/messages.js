// The port of the page in a notebook: a message to the kernel for each call, and one back.
import { Fault } from "./http.js";

const MOST_WAIT = 60_000; // ms for a message back, such as after a long cell
const LOST = "The kernel of this notebook does not answer.";

// model : { send(message), on(event, listener) } of an anywidget
export function messagePort(model, wait = MOST_WAIT) {
  const waiting = new Map(); // id of a call -> what its message is handed to
  let last = 0;
  let latest = null; // the last that was asked
  model.on("msg:custom", (message) => waiting.get(message?.id)?.(message));

  function call(what, params) {
    const id = (last += 1);
    return new Promise((done, refuse) => {
      const lost = setTimeout(() => refuse(new Fault("lost", LOST)), wait);
      waiting.set(id, (message) => (clearTimeout(lost), done(message)));
      model.send({ id, what, params });
    }).finally(() => waiting.delete(id));
  }

  // The kernel works some steps at a time, so that what is wanted by then comes first: asked again
  // until all is there or something newer is asked.
  async function answered(what, params) {
    const own = (latest = { what });
    for (;;) {
      const message = await call(what, params);
      if (message.error !== undefined) throw new Fault("refused", message.error);
      if (!message.more) return message.value;
      if (latest !== own) throw new Fault("superseded", "A newer request took its place.");
    }
  }

  return {
    opening: async () => {
      const { error, value } = await call("opening", {});
      if (error !== undefined) throw new Fault("refused", error);
      return value;
    },
    ask: (params) => answered("ask", params),
    run: (params) => answered("run", params),
    file: (params) => answered("file", params),
    moved: (state) => void model.send({ id: (last += 1), what: "moved", params: { state } }),
  };
}
