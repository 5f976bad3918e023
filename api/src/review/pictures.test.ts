import { expect, it } from "vitest";
import * as call from "@verbatim/shared/api/call";
import { getReview } from "@verbatim/shared/api/interviews";
import { type RecordingId, trackId } from "@verbatim/shared/ids";
import { secondTenant, useHarness } from "../../test/harness.ts";
import { paramsOf, scene } from "../../test/scene.ts";
import { until } from "../../test/until.ts";
import { fakeRun, seconds } from "../../test/recorder.ts";

const { harness, staff } = await useHarness();

it("a recording's pictures are listed with their gaps, play by links that end, and are no stranger's", async () => {
  const { at, host, candidate } = await scene(harness, staff);
  await host.browser.call(call.control, paramsOf(host), { action: "start", epoch: 0 });
  const told = await until(
    () => harness.sfu.calls.get(at.interviewId)?.recording,
    (row) => Boolean(row?.clock),
  );
  const recordingId = told!.recordingId as RecordingId;
  const run = fakeRun(harness, at, recordingId, told!.clock!, candidate.seatId, "candidate");
  const still = { startSamples: seconds(3), endSamples: seconds(4), cause: "loss" } as const;
  const away = { startSamples: seconds(10), endSamples: seconds(20), cause: "load" } as const;
  const who = { seatId: candidate.seatId, role: "candidate" } as const;
  const tracks = (["camera", "screen"] as const).map((kind) => ({
    ...who,
    trackId: trackId(candidate.seatId, kind),
    kind,
    codec: kind === "camera" ? ("vp8" as const) : ("h264" as const),
    lastPacketSamples: seconds(10),
    pictureGaps: kind === "camera" ? [still, away] : [],
  }));
  await harness.events.send(run.alive({ tracks }));
  const chunks = [
    run.picture("camera", 1, [seconds(5), seconds(10)]),
    run.picture("camera", 0, [0, seconds(5)], [still]),
    run.picture("screen", 0, [seconds(1), seconds(2)]),
  ];
  for (const { event, chunk, content } of chunks) {
    await run.store(harness.store, chunk, content);
    await harness.events.send(event);
  }

  const { recordings } = await staff.call(getReview, { interviewId: at.interviewId });
  const [{ pictures } = { pictures: [] }] = recordings;
  expect(pictures).toMatchObject([
    {
      ...who,
      speaker: "Ada Lovelace",
      kind: "camera",
      pieces: [
        { startMs: 0, endMs: 5_000, gaps: [{ startMs: 3_000, endMs: 4_000 }] },
        { startMs: 5_000, endMs: 10_000, gaps: [] },
      ],
      gaps: [
        { startMs: 3_000, endMs: 4_000, cause: "loss" },
        { startMs: 10_000, endMs: 20_000, cause: "load" },
      ],
    },
    { ...who, kind: "screen", pieces: [{ startMs: 1_000, endMs: 2_000 }], gaps: [] },
  ]);

  const [camera, screen] = pictures.map(({ pieces }) => pieces[0]!);
  const turned = await staff.raw(camera!.url, { redirect: "manual" });
  expect([turned.status, turned.headers.get("cache-control")]).toEqual([302, "private, no-store"]);
  const played = await staff.raw(camera!.url);
  expect([played.status, played.headers.get("content-type"), Buffer.from(await played.arrayBuffer())]).toEqual([
    200,
    "video/webm",
    chunks[1]!.content,
  ]);
  const saved = await staff.raw(`${screen!.url}?download`);
  expect(saved.headers.get("content-type")).toBe("video/mp4");
  expect(saved.headers.get("content-disposition")).toMatch(/^attachment; filename="screen-0000-[0-9a-f]{8}\.mp4"/);
  const list = await staff.raw(`/v1/interviews/${at.interviewId}/recordings/${recordingId}/pictures.json`);
  expect(await list.json()).toMatchObject({ part: 1, pictures: [{ kind: "camera" }, { kind: "screen" }] });

  // A sound's chunk is not given out by this way, nor a file by another recording's.
  const sound = run.chunk(0, 0, seconds(2));
  await harness.events.send(sound.event);
  for (const path of [
    camera!.url.replace(camera!.sha256, sound.chunk.sha256),
    camera!.url.replace(recordingId, crypto.randomUUID()),
    camera!.url.replace(camera!.sha256, "none"),
  ]) {
    expect((await staff.raw(path, { redirect: "manual" })).status).toBe(404);
  }
  const stranger = await secondTenant(harness);
  expect((await stranger.raw(camera!.url, { redirect: "manual" })).status).toBe(404);
  expect((await harness.browser().raw(camera!.url, { redirect: "manual" })).status).toBe(401);
});
