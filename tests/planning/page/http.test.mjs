// The port to the server says what went wrong by its kind, and nothing of it is more than a line.
import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import test from "node:test";

import { httpPort } from "../../../sim/planning/page/http.js";

globalThis.crypto ??= webcrypto; // older versions of node have it by this name alone

const reply = (status, body) => async () => new Response(JSON.stringify(body), { status });

test("each request carries the token and the same visitor", async () => {
  const seen = [];
  const port = httpPort("secret", async (path, options) => {
    seen.push([path, options.method, options.headers["x-tiercurve-token"], options.headers["x-tiercurve-visitor"]]);
    return new Response("{}");
  });
  await port.opening();
  await port.ask({ state: {}, stage: 0 });
  assert.deepEqual(seen.map((one) => one.slice(0, 3)), [["/opening", "GET", "secret"], ["/answer", "POST", "secret"]]);
  assert.equal(seen[0][3], seen[1][3]);
  assert.match(seen[0][3], /^[\w-]{1,40}$/);
});

test("what goes wrong has a kind and a line", async () => {
  const cases = [
    [async () => { throw new TypeError("net"); }, "lost", /does not answer/],
    [reply(409, { superseded: true }), "superseded", /newer/],
    [reply(422, { error: "team: nobody is left" }), "refused", /^team: nobody is left$/],
    [reply(403, { error: "x" }), "refused", /started anew/],
    [async () => new Response("<html>", { status: 500 }), "refused", /said 500/],
  ];
  for (const [fetching, kind, line] of cases) {
    await assert.rejects(httpPort("t", fetching).opening(), (fault) => fault.kind === kind && line.test(fault.message));
  }
});
