import { once } from "node:events";
import fc from "fast-check";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import * as call from "@verbatim/shared/api/call";
import { getReview } from "@verbatim/shared/api/interviews";
import type { RecordingId } from "@verbatim/shared/ids";
import { eventsLimits, eventsProtocol } from "@verbatim/shared/events/protocol";
import { signServiceToken } from "@verbatim/hands/service-token";
import { useHarness } from "../../test/harness.ts";
import { gather, paramsOf, scene } from "../../test/scene.ts";
import { until } from "../../test/until.ts";
import { openDocument } from "../../test/open-document.ts";
import { fakeRun, seconds } from "../../test/recorder.ts";

const { harness, staff } = await useHarness();

/** A started recording with one run of the candidate's microphone. */
async function recording() {
  const made = await scene(harness, staff, { observers: 1 });
  await made.host.browser.call(call.control, paramsOf(made.host), { action: "start", epoch: 0 });
  const told = await until(
    () => harness.sfu.calls.get(made.at.interviewId)?.recording,
    (row) => Boolean(row?.clock),
  );
  await gather(harness, made.observers);
  const recordingId = told!.recordingId as RecordingId;
  const run = fakeRun(harness, made.at, recordingId, told!.clock!, made.candidate.seatId, "candidate");
  return { ...made, recordingId, run };
}

describe("events", () => {
  it("are stored once, however often they come, and are in the document once", async () => {
    const { run, observers, candidate, recordingId } = await recording();
    using reader = await openDocument(harness, observers[0]!);
    const { event } = run.chunk(0, 0, seconds(2));
    const words = run.words(400, "hello", "world");
    for (let n = 0; n < 3; n++) {
      await harness.events.send(run.alive({ durableSamples: seconds(2) }));
      await harness.events.send(event);
      await harness.events.send(words);
    }
    const counts = await harness.sql(
      `select (select count(*)::int from verbatim.chunk where recording_id = $1) as chunks,
              (select count(*)::int from verbatim.segment where recording_id = $1) as segments,
              (select count(*)::int from verbatim.run where recording_id = $1) as runs`,
      [recordingId],
    );
    expect(counts).toEqual([{ chunks: 1, segments: 1, runs: 1 }]);
    await until(
      () => reader.doc.getArray("transcript").length,
      (length) => length === 1,
    );
    expect((reader.doc.getArray("transcript").get(0) as unknown[]).slice(1, 3)).toEqual([
      candidate.seatId,
      "hello world",
    ]);
  });

  it("bring interim words to the document and to captions, and the final ones clear them", async () => {
    const { run, observers, candidate, at } = await recording();
    using reader = await openDocument(harness, observers[0]!);
    const interim = { type: "words-interim", ...run.of, seatId: candidate.seatId, startMs: 100, text: "hel" } as const;
    await harness.events.send(interim);
    await until(() => reader.now.get(candidate.seatId), Boolean);
    await harness.events.send(run.words(100, "hello"));
    await until(
      () => reader.now.get(candidate.seatId),
      (words) => words === undefined,
    );
    await until(
      () =>
        harness.sfu.captions
          .filter(({ interviewId }) => interviewId === at.interviewId)
          .map(({ text, final }) => [text, final]),
      (seen) => seen.length === 2,
    );
  });

  it("bring interim words while the database holds up what came before them", async () => {
    const { run, observers, candidate } = await recording();
    using reader = await openDocument(harness, observers[0]!);
    const blocker = new pg.Client({ connectionString: harness.url });
    await blocker.connect();
    try {
      await blocker.query("begin; lock table verbatim.segment in access exclusive mode");
      const final = harness.events.send(run.words(100, "hello"));
      const interim = {
        type: "words-interim",
        ...run.of,
        seatId: candidate.seatId,
        startMs: 9_000,
        text: "so",
      } as const;
      await harness.events.send(interim);
      await until(() => reader.now.get(candidate.seatId), Boolean);
      expect(reader.doc.getArray("transcript").length).toBe(0);
      await blocker.query("rollback");
      await final;
      await until(
        () => reader.doc.getArray("transcript").length,
        (length) => length === 1,
      );
      expect(reader.now.get(candidate.seatId)).toMatchObject({ text: "so" });
    } finally {
      await blocker.end();
    }
  });

  it("show in everybody's figures what a run has made durable", async () => {
    const { run, observers, at } = await recording();
    using reader = await openDocument(harness, observers[0]!);
    await harness.events.send(run.alive({ durableSamples: seconds(1), storedSamples: 0 }));
    await until(
      () => reader.now.get("recording") as { lamp: string; onServerMs: number } | undefined,
      (view) => view?.lamp === "safe" && view.onServerMs === 1000,
    );
    await until(
      () => harness.sfu.calls.get(at.interviewId)?.view.lamp,
      (lamp) => lamp === "safe",
    );
  });

  it("of a run that has fallen silent turn the lamp to at risk", async () => {
    const { run, at } = await recording();
    await harness.events.send(run.alive({ durableSamples: seconds(1) }));
    await harness.sql(
      "update verbatim.recording set clock = jsonb_set(clock, '{startUtcMs}', to_jsonb((clock->>'startUtcMs')::bigint - 20000)) where interview_id = $1",
      [at.interviewId],
    );
    await until(
      () => harness.sfu.calls.get(at.interviewId)?.view,
      (view) => view?.lamp === "at_risk" && /has not confirmed any sound/.test(view.risk),
    );
  });

  it("with a key outside their interview are refused for good", async () => {
    const { run } = await recording();
    const other = await recording();
    const { event } = run.chunk(0, 0, seconds(2));
    if (event.type !== "chunk-stored") throw new Error("not a chunk");
    const stolen = { ...event, chunk: { ...event.chunk, key: other.run.chunk(0, 0, 1).chunk.key } };
    await expect(harness.events.send(stolen)).rejects.toThrow("chunk.key");
    await expect(harness.events.send({ ...event, recordingId: other.recordingId })).rejects.toThrow("recordingId");
  });

  it("with another content under a known key are refused for good", async () => {
    const { run } = await recording();
    const { event } = run.chunk(0, 0, seconds(2));
    if (event.type !== "chunk-stored") throw new Error("not a chunk");
    await harness.events.send(event);
    const changed = { ...event, chunk: { ...event.chunk, sha256: "0".repeat(64) } };
    await expect(harness.events.send(changed)).rejects.toThrow("chunk.sha256");
  });

  it("of speech's state reach the page, and the candidate's own captions with an engine that is good enough", async () => {
    const { run, at, observers } = await recording();
    using reader = await openDocument(harness, observers[0]!);
    const told = () => harness.sfu.calls.get(at.interviewId)?.ownCaptions;
    for (const engine of ["deepgram", "offline"] as const) {
      await harness.events.send({ type: "speech", ...run.of, speech: { state: "on", engine, reason: "" } });
      await until(
        () => reader.doc.getMap("meta").get("speech"),
        (speech) => JSON.stringify(speech)?.includes(engine) ?? false,
      );
      await until(told, (own) => own === (engine === "deepgram"));
    }
  });

  it("of words come from speech recognition that was told whom and what to listen for", async () => {
    const { at } = await recording();
    const template = {
      name: "Backend",
      minutes: 45,
      questions: [],
      competencies: [{ name: "Systems", description: "", keyTerms: ["Kafka"], good: "" }],
    };
    await harness.sql("update verbatim.interview set template = $2, call_revision = call_revision + 1 where id = $1", [
      at.interviewId,
      JSON.stringify(template),
    ]);
    const [row] = await harness.sql("select candidate_name from verbatim.interview where id = $1", [at.interviewId]);
    const told = await until(
      () => harness.sfu.calls.get(at.interviewId)?.keyTerms,
      (terms) => terms?.includes("Kafka") ?? false,
    );
    expect(told![0]).toBe(row!["candidate_name"]);
  });

  it("of offline speech reach the candidate when a host lets them, and every host reads that", async () => {
    const { host, observers, at } = await recording();
    using reader = await openDocument(harness, observers[0]!);
    for (const on of [true, false]) {
      await host.browser.call(call.allowCaptions, paramsOf(host), { on });
      await until(
        () => reader.doc.getMap("meta").get("interview") as { captionsForCandidate: boolean } | undefined,
        (interview) => interview?.captionsForCandidate === on,
      );
      expect(harness.sfu.calls.get(at.interviewId)?.captionsForCandidate).toBe(on);
    }
  });

  it("put the words into the review, under the speaker's name", async () => {
    const { run, at } = await recording();
    await harness.events.send(run.words(1000, "two", "words"));
    const { recordings } = await staff.call(getReview, { interviewId: at.interviewId });
    expect(recordings[0]!.segments).toMatchObject([
      { text: "two words", speaker: "Ada Lovelace", role: "candidate", startMs: 1000 },
    ]);
    const vtt = await staff.raw(
      `/v1/interviews/${at.interviewId}/recordings/${recordings[0]!.recordingId}/transcript.vtt`,
    );
    expect(await vtt.text()).toBe("WEBVTT\n\n00:00:01.000 --> 00:00:01.600\n<v Ada Lovelace>two words\n");
  });

  it("stand under several people where a microphone is marked so, by its own person or a host and nobody else", async () => {
    const { run, host, candidate, observers, interview, at } = await recording();
    await harness.events.send(run.words(1000, "two", "words"));
    const speakers = async () =>
      (await staff.call(getReview, { interviewId: at.interviewId })).recordings[0]!.segments.map((one) => one.speaker);
    const mark = (by: typeof host, on: boolean) =>
      by.browser.try(call.markSeveral, paramsOf(by), { seatId: candidate.seatId, on });
    expect(await mark(observers[0]!, true)).toMatchObject({ status: 403 });
    expect(await mark(candidate, true)).toMatchObject({ status: 200 });
    expect(await speakers()).toEqual(["Ada Lovelace and others"]);
    await until(
      () => harness.sfu.calls.get(interview.id)?.several,
      (several) => several?.includes(candidate.seatId) ?? false,
    );
    expect(await mark(host, false)).toMatchObject({ status: 200 });
    expect(await speakers()).toEqual(["Ada Lovelace"]);
  });
});

describe("the events socket", () => {
  const open = async (token?: string): Promise<WebSocket> => {
    const authorization = token ?? (await signServiceToken(harness.serviceSecret, "events", "test"));
    return new WebSocket(`ws://127.0.0.1:${harness.api.internalPort}/events`, {
      headers: { authorization: `Bearer ${authorization}` },
    });
  };

  it("opens to a service token for it, and to nothing else", async () => {
    for (const token of [
      "nonsense",
      await signServiceToken(harness.serviceSecret, "tap", "test"),
      await signServiceToken("x".repeat(40), "events", "test"),
    ]) {
      const socket = await open(token);
      const [error] = await once(socket, "error");
      expect(String(error)).toContain("401");
    }
  });

  it.each([
    ["a frame that is no JSON", "{", 4400],
    ["binary", Buffer.from([1, 2, 3]), 4400],
    ["an event before hello", JSON.stringify({ type: "event", id: 1, event: {} }), 0],
    ["another version", JSON.stringify({ type: "hello", id: 0, protocol: 0, from: "x" }), 4426],
    ["a frame above the limit", "x".repeat(eventsLimits.frameBytes + 1), 4413],
  ])("answers %s with an error or a close, and stays up", async (_, frame, code) => {
    const socket = await open();
    await once(socket, "open");
    socket.send(frame);
    if (code === 0) {
      const [data] = (await once(socket, "message")) as [Buffer];
      expect(JSON.parse(data.toString())).toMatchObject({ type: "error", code: "input.invalid", retry: false });
      socket.close();
    } else {
      const [closed] = (await once(socket, "close")) as [number];
      expect(closed).toBe(code);
    }
    await harness.events.send((await recording()).run.alive());
  });

  it("survives whatever is thrown at it", async () => {
    const socket = await open();
    await once(socket, "open");
    socket.send(JSON.stringify({ type: "hello", id: 0, protocol: eventsProtocol.current, from: "fuzz" }));
    await once(socket, "message");
    let answers = 0;
    socket.on("message", () => answers++);
    const frames = fc.sample(
      fc.record({
        type: fc.constantFrom("event", "hello", "x"),
        id: fc.oneof(fc.nat(), fc.string()),
        event: fc.anything(),
      }),
      300,
    );
    for (const frame of frames)
      if (socket.readyState === WebSocket.OPEN)
        socket.send(JSON.stringify(frame, (_, value) => (typeof value === "bigint" ? String(value) : value)) ?? "null");
    socket.close();
    await once(socket, "close");
    await harness.events.send((await recording()).run.alive());
  });
});
