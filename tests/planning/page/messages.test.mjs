// The port to a kernel: a message for each call, asked again until all is there, told where it is lost.
import assert from "node:assert/strict";
import test from "node:test";

import { themeOf } from "../../../sim/planning/page/inside.js";
import { messagePort } from "../../../sim/planning/page/messages.js";

// A kernel that replies to each message by a function, in a later turn.
function kernel(reply) {
  const sent = [];
  let listener;
  const model = {
    sent,
    send: (message) => {
      sent.push(message);
      const answer = reply(message);
      if (answer) queueMicrotask(() => listener({ id: message.id, ...answer }));
    },
    on: (event, heard) => (listener = heard),
  };
  return model;
}

test("a call is a message, and its value the answer", async () => {
  const model = kernel(({ what, params }) => ({ value: [what, params] }));
  const port = messagePort(model);
  assert.deepEqual(await port.opening(), ["opening", {}]);
  assert.deepEqual(await port.ask({ state: { weeks: 9 }, stage: 1 }), ["ask", { state: { weeks: 9 }, stage: 1 }]);
  assert.deepEqual(await port.file({ state: {}, which: "plan" }), ["file", { state: {}, which: "plan" }]);
  port.moved({ weeks: 9 });
  assert.deepEqual(model.sent.at(-1).params, { state: { weeks: 9 } });
  assert.equal(new Set(model.sent.map((one) => one.id)).size, 4);
});

test("what takes longer is asked again until it is there", async () => {
  let turns = 0;
  const port = messagePort(kernel(() => ((turns += 1) < 3 ? { more: true } : { value: 7 })));
  assert.equal(await port.ask({ state: {}, stage: 2 }), 7);
  assert.equal(turns, 3);
});

test("what is not wanted any more is not asked again", async () => {
  const port = messagePort(kernel(({ params }) => (params.stage === 2 ? { more: true } : { value: 1 })));
  const older = port.ask({ state: { a: 1 }, stage: 2 });
  assert.equal(await port.ask({ state: { a: 2 }, stage: 0 }), 1);
  await assert.rejects(older, (fault) => fault.kind === "superseded");
});

test("a line of the kernel is a refusal, and silence is a loss", async () => {
  const refused = messagePort(kernel(() => ({ error: "nobody is in the team" })));
  await assert.rejects(refused.ask({ state: {}, stage: 0 }), (fault) => fault.kind === "refused" && fault.message === "nobody is in the team");
  const silent = messagePort(kernel(() => null), 5);
  await assert.rejects(silent.opening(), (fault) => fault.kind === "lost" && /does not answer/.test(fault.message));
});

test("the theme is the notebook's own where it states one", () => {
  const page = (dataset = {}, className = "", theme = null) => ({
    body: { dataset, className }, documentElement: { getAttribute: () => theme, className: "" },
  });
  assert.equal(themeOf(page({ jpThemeLight: "false" })), "dark");
  assert.equal(themeOf(page({ jpThemeLight: "true" })), "light");
  assert.equal(themeOf(page({ vscodeThemeKind: "vscode-dark" })), "dark");
  assert.equal(themeOf(page({ vscodeThemeKind: "vscode-high-contrast-light" })), "light");
  assert.equal(themeOf(page({}, "", "dark")), "dark");
  assert.equal(themeOf(page({}, "light")), "light");
  assert.equal(themeOf(page()), "");
});
