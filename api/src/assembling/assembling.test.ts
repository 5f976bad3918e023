import { createHash } from "node:crypto";
import { PgBoss } from "pg-boss";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as call from "@verbatim/shared/api/call";
import { getInterview, getReview } from "@verbatim/shared/api/interviews";
import type { RecordingId } from "@verbatim/shared/ids";
import { manifestKey, masterKey, speakerTrackKey } from "@verbatim/shared/recording/keys";
import {
  PREPARE_QUEUE,
  PrepareJob,
  ASSEMBLE_QUEUE,
  AssembleJob,
  type Assembly,
  type Manifest,
} from "@verbatim/shared/recording/manifest";
import { trackId } from "@verbatim/shared/ids";
import { openManifest } from "@verbatim/hands/manifest-signature";
import { startWorker } from "../start-worker.ts";
import { log, useHarness } from "../../test/harness.ts";
import { paramsOf, participant, scene } from "../../test/scene.ts";
import { until } from "../../test/until.ts";
import { fakeRun, seconds } from "../../test/recorder.ts";

const { harness, staff } = await useHarness();
let boss: PgBoss;
const jobs: AssembleJob[] = [];
beforeAll(async () => {
  boss = new PgBoss({
    connectionString: harness.url,
    schema: "pgboss",
    supervise: false,
    schedule: false,
    migrate: false,
    useListenNotify: true,
  });
  boss.on("error", () => undefined);
  await boss.start();
  await boss.work(ASSEMBLE_QUEUE, { pollingIntervalSeconds: 0.5 }, async ([job]) => {
    jobs.push(AssembleJob.parse(job!.data));
    await Promise.resolve();
  });
});
afterAll(async () => {
  await boss.stop({ graceful: false });
});

async function recording() {
  const made = await scene(harness, staff);
  const { interviewId } = made.at;
  harness.sfu.room(
    made.at,
    [participant(made.host), participant(made.candidate)],
    [
      { seatId: made.candidate.seatId, role: "candidate", presence: "here", atUs: harness.sfu.nowUs() },
      { seatId: made.host.seatId, role: "interviewer", presence: "here", atUs: harness.sfu.nowUs() },
    ],
  );
  await act(made, "start", 0);
  const told = await until(
    () => harness.sfu.calls.get(interviewId)?.recording,
    (row) => Boolean(row?.clock),
  );
  const recordingId = told!.recordingId as RecordingId;
  const run = fakeRun(harness, made.at, recordingId, told!.clock!, made.candidate.seatId, "candidate");
  return { ...made, recordingId, run };
}
type Made = Awaited<ReturnType<typeof recording>>;
const act = (made: Pick<Made, "host">, action: "start" | "stop" | "undo_stop" | "pause" | "resume", epoch: number) =>
  made.host.browser.call(call.control, paramsOf(made.host), { action, epoch });

/** Moves Start into the past, as if the recording had run for this long. */
async function ranFor(made: Made, ms: number): Promise<void> {
  await harness.sql(
    `update verbatim.recording set clock = clock || jsonb_build_object('startUs', (clock->>'startUs')::bigint - $2::bigint * 1000,
       'startUtcMs', (clock->>'startUtcMs')::bigint - $2::bigint) where id = $1`,
    [made.recordingId, ms],
  );
  await harness.sql("update verbatim.transition set at_us = at_us - $2::bigint * 1000 where recording_id = $1", [
    made.recordingId,
    ms,
  ]);
}

const job = (made: Made, revision: number) =>
  until(() => jobs.find((each) => each.recordingId === made.recordingId && each.revision === revision), Boolean);
const manifest = async (made: Made, revision: number): Promise<Manifest> => {
  const ordered = await job(made, revision);
  return openManifest(harness.serviceSecret, await harness.store.get(ordered!.manifestKey));
};

function assembly(made: Made, revision: number, change: Partial<Assembly> = {}): Assembly {
  const { tenantId, interviewId } = made.at;
  const { seatId } = made.candidate;
  const file = { bytes: 10, sha256: "a".repeat(64), durationSamples: seconds(10) };
  return {
    recordingId: made.recordingId,
    revision,
    state: "complete",
    durationSamples: seconds(10),
    master: { ...file, key: masterKey(tenantId, interviewId, made.recordingId, revision) },
    tracks: [
      {
        seatId,
        role: "candidate",
        file: {
          ...file,
          key: speakerTrackKey(tenantId, interviewId, made.recordingId, revision, trackId(seatId, "audio")),
        },
      },
    ],
    coverage: [{ seatId, role: "candidate", ratio: 1 }],
    gaps: [],
    absences: [],
    problems: [],
    ...change,
  };
}
const assembled = (made: Made, result: Assembly) =>
  harness.events.send({ type: "assembled", ...made.run.of, assembly: result });
const state = async (made: Made) => (await staff.call(getInterview, { interviewId: made.at.interviewId })).state;

/** Beyond any Stop here, however slow the machine. */
const whole = seconds(600);

describe("a stopped recording", () => {
  it("is assembled as soon as its run has delivered everything, from a signed manifest", async () => {
    const made = await recording();
    await ranFor(made, 10_000);
    await act(made, "stop", 1);
    const { event, chunk } = made.run.chunk(0, 0, seconds(10));
    await harness.events.send(event);
    await harness.events.send(made.run.alive({ durableSamples: seconds(12), storedSamples: seconds(5), backlog: 1 }));
    expect(jobs.filter(({ recordingId }) => recordingId === made.recordingId)).toEqual([]);
    const began = performance.now();
    await harness.events.send(made.run.alive({ durableSamples: whole, storedSamples: whole }));
    const content = await manifest(made, 1);
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(content.chunks).toEqual([chunk]);
    expect(content.kept).toEqual([{ from: 0, to: content.endSamples }]);
    expect(content.endSamples).toBeGreaterThanOrEqual(seconds(10));
    expect(content.presence.map(({ seatId }) => seatId).toSorted()).toEqual(
      [made.candidate.seatId, made.host.seatId].toSorted(),
    );
    expect(content.tracks).toMatchObject([{ seatId: made.candidate.seatId, codec: "opus" }]);
    expect(await state(made)).toBe("making");

    await assembled(made, assembly(made, 1));
    await assembled(made, assembly(made, 1));
    expect(await state(made)).toBe("ready");
    const { recordings } = await staff.call(getReview, { interviewId: made.at.interviewId });
    expect(recordings[0]).toMatchObject({
      state: "complete",
      durationMs: 10_000,
      coverage: [{ speaker: "Ada Lovelace", ratio: 1 }],
    });
  });

  it("has addresses that do not end: each use leads on by a fresh link, for its own people", async () => {
    const made = await recording();
    await ranFor(made, 10_000);
    await act(made, "stop", 1);
    const at = `/v1/interviews/${made.at.interviewId}/recordings/${made.recordingId}`;
    const follow = (path: string, browser = staff) => browser.raw(`${at}/${path}`, { redirect: "manual" });
    expect((await follow("master")).status).toBe(404);
    const result = assembly(made, 1);
    await assembled(made, result);
    const track = `tracks/${made.candidate.seatId}`;
    for (const [path, { key }] of [
      ["master", result.master],
      [track, result.tracks[0]!.file],
    ] as const) {
      await harness.store.put(key, Buffer.from(key), {
        sha256: createHash("sha256").update(key).digest("hex"),
        contentType: "audio/mpeg",
      });
      const led = await follow(`${path}?download`);
      expect([led.status, led.headers.get("cache-control")]).toEqual([302, "private, no-store"]);
      const saved = await fetch(new URL(led.headers.get("location")!, harness.base));
      expect(saved.headers.get("content-disposition")).toMatch(/^attachment/);
      expect(await saved.text()).toBe(key);
      expect((await follow(path)).headers.get("location")).not.toContain("download");
      expect((await follow(path, made.candidate.browser)).status).toBe(401);
    }
    expect((await follow(`tracks/${made.host.seatId}`)).status).toBe(404);
  });

  it("is made anew with a late chunk, and an older answer does not replace a newer", async () => {
    const made = await recording();
    await ranFor(made, 10_000);
    await act(made, "stop", 1);
    await harness.events.send(made.run.chunk(0, 0, seconds(5)).event);
    await harness.events.send(made.run.alive({ durableSamples: whole, storedSamples: whole }));
    await manifest(made, 1);
    await harness.events.send(made.run.chunk(1, seconds(5), seconds(10)).event);
    await harness.events.send(made.run.alive({ durableSamples: whole, storedSamples: whole }));
    expect((await manifest(made, 2)).chunks).toHaveLength(2);
    await assembled(made, assembly(made, 2));
    await assembled(made, assembly(made, 1, { state: "complete_with_gaps" }));
    const { recordings } = await staff.call(getReview, { interviewId: made.at.interviewId });
    expect(recordings[0]).toMatchObject({ state: "complete", masterKey: expect.stringContaining("00000002") });
  });

  it("is signed for again when pictures come after it, and nothing is made anew", async () => {
    const made = await recording();
    const { tenantId, interviewId } = made.at;
    await ranFor(made, 10_000);
    await act(made, "stop", 1);
    await harness.events.send(made.run.chunk(0, 0, seconds(10)).event);
    await harness.events.send(made.run.alive({ durableSamples: whole, storedSamples: whole }));
    await manifest(made, 1);
    const [during, after] = [
      made.run.picture("camera", 0, [0, seconds(5)]),
      made.run.picture("camera", 1, [seconds(5), whole]),
    ];
    const signed = async (revision: number) =>
      openManifest(harness.serviceSecret, await harness.store.get(manifestKey(tenantId, interviewId, revision)));

    await harness.events.send(during.event);
    await assembled(made, assembly(made, 1));
    expect((await signed(2)).chunks.map(({ key }) => key)).toContain(during.chunk.key);
    await harness.events.send(after.event);
    await harness.events.send(after.event);
    expect((await signed(3)).chunks.map(({ key }) => key)).toEqual(
      expect.arrayContaining([during.chunk.key, after.chunk.key]),
    );

    const manifests = "select revision from verbatim.manifest where recording_id = $1 and sent_at is not null";
    expect(await harness.sql(manifests, [made.recordingId])).toHaveLength(3);
    expect(await state(made)).toBe("ready");
    expect(jobs.filter((each) => each.recordingId === made.recordingId)).toHaveLength(1);
  });

  it("that is undone goes on without a hole, and is assembled at the next Stop", async () => {
    const made = await recording();
    await ranFor(made, 10_000);
    await act(made, "stop", 1);
    await harness.events.send(made.run.chunk(0, 0, seconds(10)).event);
    await harness.events.send(made.run.alive({ durableSamples: whole, storedSamples: whole }));
    await manifest(made, 1);
    await act(made, "undo_stop", 1);
    await assembled(made, assembly(made, 1));
    expect(await state(made)).toBe("recording");
    await ranFor(made, 10_000);
    await act(made, "stop", 1);
    await harness.events.send(made.run.chunk(1, seconds(10), seconds(20)).event);
    await harness.events.send(made.run.alive({ durableSamples: whole, storedSamples: whole }));
    expect((await manifest(made, 2)).kept).toHaveLength(1);
  });

  it("is not assembled twice for the same content", async () => {
    const made = await recording();
    await ranFor(made, 10_000);
    await act(made, "stop", 1);
    await harness.events.send(made.run.chunk(0, 0, seconds(10)).event);
    await Promise.all(
      Array.from({ length: 10 }, () =>
        harness.events.send(made.run.alive({ durableSamples: whole, storedSamples: whole })),
      ),
    );
    await manifest(made, 1);
    await harness.sql("update verbatim.recording set assemble_wanted = true where id = $1", [made.recordingId]);
    await harness.events.send(made.run.alive({ durableSamples: whole, storedSamples: whole }));
    await until(
      async () =>
        (await harness.sql("select assemble_wanted from verbatim.recording where id = $1", [made.recordingId]))[0]![
          "assemble_wanted"
        ],
      (wanted) => wanted === false,
    );
    expect(
      await harness.sql("select revision from verbatim.manifest where recording_id = $1", [made.recordingId]),
    ).toHaveLength(1);
  });

  it("shows a failure, and keeps an older master in its place", async () => {
    const made = await recording();
    await act(made, "stop", 1);
    await harness.events.send({ type: "assemble-failed", ...made.run.of, revision: 1, reason: "no memory" });
    expect(await state(made)).toBe("failed");
    await assembled(made, assembly(made, 2));
    await harness.events.send({ type: "assemble-failed", ...made.run.of, revision: 3, reason: "no memory" });
    expect(await state(made)).toBe("ready");
  });
});

it("has its master begun while a recording runs, up to where everything is stored", async () => {
  const drafts: PrepareJob[] = [];
  await boss.work(PREPARE_QUEUE, { pollingIntervalSeconds: 0.5 }, async ([each]) => {
    drafts.push(PrepareJob.parse(each!.data));
    await Promise.resolve();
  });
  const made = await recording();
  const first = made.run.chunk(0, 0, seconds(2));
  await harness.events.send(first.event);
  await harness.events.send(made.run.mix(0, 0, seconds(2)).event);
  await harness.events.send(made.run.chunk(1, seconds(2), seconds(5)).event);
  await harness.events.send(made.run.mix(1, seconds(2), seconds(5)).event);
  const draft = await until(
    () =>
      drafts
        .map(({ untilSamples, signed }) => ({
          untilSamples,
          manifest: openManifest(harness.serviceSecret, Buffer.from(JSON.stringify(signed))),
        }))
        .find(({ manifest: { recordingId } }) => recordingId === made.recordingId),
    Boolean,
  );
  expect(draft).toMatchObject({ untilSamples: seconds(2), manifest: { revision: 1, endSamples: seconds(2) } });
  expect(draft!.manifest.chunks).toContainEqual(first.chunk);
});

describe("the worker", () => {
  it("closes a stopped recording when it can no longer be undone", async () => {
    const made = await recording();
    await act(made, "stop", 1);
    await harness.sql("update verbatim.recording set stopped_at_ms = stopped_at_ms - 119000 where id = $1", [
      made.recordingId,
    ]);
    await using _worker = await startWorker({ config: harness.config, log, store: harness.store });
    await until(
      () => harness.sfu.calls.get(made.at.interviewId)?.recording?.transitions.at(-1)?.to,
      (to) => to === "closed",
      5_000,
    );
  });

  it("finds a recording whose recorder and people are gone, and assembles what is there", async () => {
    const made = await recording();
    await ranFor(made, 30_000);
    await harness.events.send(made.run.chunk(0, 0, seconds(10)).event);
    await harness.events.send(made.run.alive({ durableSamples: seconds(12), storedSamples: seconds(10), backlog: 1 }));
    const left = { seatId: made.candidate.seatId, role: "candidate", presence: "left" } as const;
    harness.sfu.room(
      made.at,
      [participant(made.candidate, { presence: "left" })],
      [{ ...left, atUs: harness.sfu.nowUs() }],
    );
    await until(
      async () =>
        (await harness.sql("select speakers_gone_at from verbatim.interview where id = $1", [made.at.interviewId]))[0]![
          "speakers_gone_at"
        ],
      Boolean,
    );
    await using _worker = await startWorker({ config: harness.config, log, store: harness.store });
    // Another one, which is due, shows that the worker has looked.
    const other = await recording();
    await act(other, "stop", 1);
    // Neither alone is enough: the call may be empty for a while, and a recorder may be silent for a while.
    await harness.sql(
      "update verbatim.run set last_seen_at = last_seen_at - interval '2 minutes' where recording_id = $1",
      [made.recordingId],
    );
    await harness.sql("update verbatim.recording set stopped_at_ms = stopped_at_ms - 121000 where id = $1", [
      other.recordingId,
    ]);
    await until(
      async () =>
        (await harness.sql("select phase from verbatim.recording where id = $1", [other.recordingId]))[0]!["phase"],
      (phase) => phase === "closed",
    );
    expect(await harness.sql("select phase from verbatim.recording where id = $1", [made.recordingId])).toEqual([
      { phase: "recording" },
    ]);
    await harness.sql("update verbatim.listening set since = since - interval '2 minutes'");
    await harness.sql(
      "update verbatim.interview set speakers_gone_at = speakers_gone_at - interval '2 minutes' where id = $1",
      [made.at.interviewId],
    );
    expect((await manifest(made, 1)).chunks).toHaveLength(1);
  });

  it("shows a recording as failed whose job failed for good", async () => {
    const made = await recording();
    await ranFor(made, 10_000);
    await act(made, "stop", 1);
    await harness.events.send(made.run.chunk(0, 0, seconds(10)).event);
    await harness.events.send(made.run.alive({ durableSamples: whole, storedSamples: whole }));
    await boss.send("dead", await job(made, 1));
    await using _worker = await startWorker({ config: harness.config, log: harness.quiet, store: harness.store });
    await until(
      () => state(made),
      (now) => now === "failed",
    );
    await assembled(made, assembly(made, 1));
    expect(await state(made)).toBe("ready");
  });

  it("sends a manifest that a crash kept from the queue", async () => {
    const made = await recording();
    await ranFor(made, 10_000);
    await act(made, "stop", 1);
    await harness.events.send(made.run.chunk(0, 0, seconds(10)).event);
    await harness.events.send(made.run.alive({ durableSamples: whole, storedSamples: whole }));
    const ordered = await job(made, 1);
    await harness.sql(
      "update verbatim.manifest set sent_at = null, created_at = created_at - interval '1 minute' where recording_id = $1",
      [made.recordingId],
    );
    await using _worker = await startWorker({ config: harness.config, log, store: harness.store });
    await until(
      async () =>
        (await harness.sql("select sent_at from verbatim.manifest where recording_id = $1", [made.recordingId]))[0]![
          "sent_at"
        ],
      Boolean,
    );
    expect(ordered!.revision).toBe(1);
    expect(jobs.filter(({ recordingId }) => recordingId === made.recordingId)).toHaveLength(1);
  });
});
