import { monotonicUs } from "@verbatim/hands/monotonic";
import { signalLimits } from "@verbatim/shared/signal/protocol";
import { expect, it } from "vitest";
import { connect, join, origin, people, sign, startTestSfu } from "../test/harness.ts";

it("a browser that gives no sign of life is closed after `idleMs`; one that answers pings stays", async () => {
  let aheadUs = 0;
  await using sfu = await startTestSfu({}, () => monotonicUs() + aheadUs);
  const call = people();
  await using alive = await join(sfu, call.ticket());
  await using silent = await connect(`ws://127.0.0.1:${sfu.port}/signal`, { origin }, { autoPong: false });
  await silent.request("hello", { protocol: 1, ticket: await sign(call.ticket()) });

  // Three parts of four: too little to end anybody. Only then does one of them answer a ping.
  const pinged = new Promise((resolve) => void alive.socket.once("ping", resolve));
  aheadUs += (signalLimits.idleMs * 1_000 * 3) / 4;
  await pinged;
  expect(await alive.request("ping")).toMatchObject({ type: "ok" });
  expect(silent.socket.readyState).toBe(silent.socket.OPEN);

  aheadUs += (signalLimits.idleMs * 1_000 * 2) / 4;
  expect(await silent.closed).toEqual({ code: 1001, reason: "idle" });
  expect(await alive.request("ping")).toMatchObject({ type: "ok" });
  expect(sfu.lines.filter(({ event }) => event === "signal.idle")).toHaveLength(1);
});
