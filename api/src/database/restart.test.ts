import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import * as call from "@verbatim/shared/api/call";
import { listInterviews } from "@verbatim/shared/api/interviews";
import { freePorts } from "@verbatim/hands/net/free-port";
import { startEmbeddedPostgres } from "@verbatim/hands/postgres/embedded";
import { startWorker } from "../start-worker.ts";
import { setUp, startHarness } from "../../test/harness.ts";
import { gather, paramsOf, participant, scene } from "../../test/scene.ts";
import { until } from "../../test/until.ts";

it("a restart of Postgres ends no process, takeover works again within seconds, and a call that filled meanwhile is recorded", async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), "verbatim-restart-"));
  const [port] = await freePorts(1);
  let postgres = await startEmbeddedPostgres({ dataDir, port: port! });
  try {
    await using harness = await startHarness({ url: postgres.url, quiet: true });
    await using _worker = await startWorker({ config: harness.config, log: harness.quiet, store: harness.store });
    const { browser: staff } = await setUp(harness);
    const { host, observers } = await scene(harness, staff, { observers: 1 });
    const waiting = await scene(harness, staff, { autoStart: true });
    await gather(harness, [host, ...observers]);
    await host.browser.call(call.control, paramsOf(host), { action: "start", epoch: 0 });

    // Work goes on while the server goes away, so that connections are lost in use, too.
    const during = Promise.all(
      Array.from({ length: 20 }, () => staff.raw("/v1/interviews").then(({ status }) => status)),
    );
    await postgres.stop();
    for (const status of await during) expect([200, 500, 503]).toContain(status);
    const asked = await observers[0]!.browser.try(call.getEntry, paramsOf(observers[0]!), {});
    expect(asked).toMatchObject({ status: 503, body: { code: "server.draining" } });
    expect((await fetch(`http://127.0.0.1:${harness.api.internalPort}/healthz`)).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${harness.api.internalPort}/readyz`)).status).toBe(503);

    // Said once, while nobody can write it down.
    harness.sfu.room(waiting.at, [participant(waiting.host), participant(waiting.candidate)]);

    postgres = await startEmbeddedPostgres({ dataDir, port: port! });
    const back = performance.now();
    const taken = await until(
      () => observers[0]!.browser.try(call.control, paramsOf(observers[0]!), { action: "take_over", epoch: 1 }),
      ({ status }) => status === 200,
    );
    expect(performance.now() - back).toBeLessThan(5_000);
    expect(taken.body).toMatchObject({ epoch: 2 });
    expect((await staff.call(listInterviews)).interviews).toHaveLength(2);
    await until(
      () => harness.sfu.calls.get(waiting.at.interviewId)?.recording?.controller?.seatId,
      (seat) => seat === waiting.host.seatId,
    );
  } finally {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
});
