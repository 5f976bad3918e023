import { expect, it } from "vitest";
import * as call from "@verbatim/shared/api/call";
import { endCall } from "@verbatim/shared/api/call";
import { type Replay, replay, replayInCall } from "@verbatim/shared/api/replay";
import type { RecordingId } from "@verbatim/shared/ids";
import { useHarness } from "../../test/harness.ts";
import { fakeRun, seconds } from "../../test/recorder.ts";
import { gather, paramsOf, type Person, scene } from "../../test/scene.ts";
import { until } from "../../test/until.ts";

const { harness, staff } = await useHarness();

const ask = (person: Person, body: object) => person.browser.try(replayInCall, paramsOf(person), body);
const asked = async (person: Person, body: object): Promise<Replay> =>
  replayInCall.reply.parse((await ask(person, body)).body);

/** A call with its recording begun, and a recorder that has stored its first two files. */
async function recorded(observers = 1) {
  const made = await scene(harness, staff, { observers });
  await gather(harness, [made.host, made.candidate, ...made.observers]);
  await made.host.browser.call(call.control, paramsOf(made.host), { action: "start", epoch: 0 });
  const told = await until(
    () => harness.sfu.calls.get(made.at.interviewId)?.recording,
    (row) => Boolean(row?.clock),
  );
  const clock = told!.clock!;
  const run = fakeRun(harness, made.at, told!.recordingId as RecordingId, clock, made.candidate.seatId, "candidate");
  const files = [run.mix(0, 0, seconds(2)), run.mix(1, seconds(2), seconds(5))];
  for (const { event, chunk, content } of files) {
    await run.store(harness.store, chunk, content);
    await harness.events.send(event);
  }
  await harness.events.send(run.alive({ durableSamples: seconds(5), storedSamples: seconds(5) }));
  return { ...made, run, clock, files };
}

it("staff and observers in the call play a moment from the store, by links that lead to its files alone", async () => {
  const { host, observers, files, clock } = await recorded();
  for (const person of [host, ...observers]) {
    const found = await asked(person, { part: 1, atMs: 1_500 });
    expect(found).toMatchObject({
      state: "stored",
      piece: { startMs: 0, untilMs: 2_000 },
      next: { startMs: 2_000, untilMs: 5_000 },
    });
    if (found.state !== "stored") throw new Error("Not stored.");
    const { url } = found.piece;
    const played = await harness.browser().raw(url);
    expect([played.status, played.headers.get("content-type"), played.headers.get("cache-control")]).toEqual([
      200,
      "audio/wav",
      "private, no-store",
    ]);
    expect(Buffer.from(await played.arrayBuffer())).toEqual(files[0]!.content);
    const part = await harness.browser().raw(url, { headers: { range: "bytes=0-3" } });
    expect([part.status, await part.text()]).toEqual([206, files[0]!.content.subarray(0, 4).toString()]);
    const following = await harness.browser().raw(found.next?.url ?? "");
    expect(Buffer.from(await following.arrayBuffer())).toEqual(files[1]!.content);
  }
  // As notes name it, and where one file ends the next begins.
  const named = await asked(host, { startedAtMs: clock.startUtcMs, atMs: 2_000 });
  expect(named).toMatchObject({ state: "stored", piece: { startMs: 2_000, untilMs: 5_000 }, next: null });
});

it("what is not stored yet is told with when it will be, and a pause with where sound goes on", async () => {
  const { host, run, clock } = await recorded(0);
  // Of a clock that began a while ago.
  await harness.sql(
    "update verbatim.recording set clock = jsonb_set(clock, '{startUtcMs}', $1) where interview_id = $2",
    [String(clock.startUtcMs - 8_000), host.interviewId],
  );
  const later = await asked(host, { part: 1, atMs: 6_000 });
  if (later.state !== "later") throw new Error(`It is ${later.state}.`);
  // The file ends at 10 s; some seconds after that it is in the store.
  expect(later.inMs).toBeGreaterThanOrEqual(1_000);
  expect(later.inMs).toBeLessThanOrEqual(6_000);

  const third = run.mix(2, seconds(5), seconds(10));
  await harness.events.send(third.event);
  expect(await asked(host, { part: 1, atMs: 6_000 })).toMatchObject({ state: "stored", next: null });

  const pauseUs = clock.startUs + 3_000_000;
  await harness.sql(
    `insert into verbatim.transition (tenant_id, recording_id, revision, "to", at_us)
     select tenant_id, id, 90, 'paused', $2::bigint from verbatim.recording where interview_id = $1
     union all select tenant_id, id, 91, 'recording', $2::bigint + 3000000 from verbatim.recording where interview_id = $1`,
    [host.interviewId, pauseUs],
  );
  expect(await asked(host, { part: 1, atMs: 2_500 })).toMatchObject({
    state: "stored",
    piece: { untilMs: 3_000 },
    next: null,
  });
  expect(await asked(host, { part: 1, atMs: 3_000 })).toEqual({ state: "missing", why: "paused", goesOnMs: 6_000 });
});

it("never the candidate, nobody outside of the call, and no other interview's recording", async () => {
  const first = await recorded();
  const { candidate, host, at } = first;
  const moment = { part: 1, atMs: 0 };
  expect(await ask(candidate, moment)).toMatchObject({ status: 403, body: { code: "auth.forbidden" } });
  // A role that is not theirs is a cookie that they do not have.
  expect((await candidate.browser.try(replayInCall, { ...paramsOf(candidate), role: "observer" }, moment)).status).toBe(
    401,
  );
  expect((await candidate.browser.try(replay, { interviewId: at.interviewId }, moment)).status).toBe(401);

  const other = await recorded(0);
  expect((await asked(other.host, moment)).state).toBe("stored");
  for (const not of [
    { startedAtMs: other.clock.startUtcMs, atMs: 0 },
    { part: 2, atMs: 0 },
  ]) {
    expect(await ask(host, not)).toMatchObject({ status: 404, body: { code: "not_found" } });
  }

  await gather(harness, [host, candidate]);
  expect(await ask(first.observers[0]!, moment)).toMatchObject({ status: 409, body: { code: "call.absent" } });

  // On the interview's page an account of the organisation plays it too, as after the call's end.
  await host.browser.call(endCall, paramsOf(host));
  expect(await staff.call(replay, { interviewId: at.interviewId }, moment)).toMatchObject({ state: "stored" });
});

it.each([
  {},
  { part: 1 },
  { part: 0, atMs: 0 },
  { part: 1, atMs: -1 },
  { part: 1, atMs: 0.5 },
  { part: 1, atMs: 9e12 },
  { part: 1, startedAtMs: 1, atMs: 0 },
  { startedAtMs: "1", atMs: 0 },
  { part: 1, atMs: 0, key: "recordings/x" },
])("a body that is not a moment is refused: %j", async (body) => {
  const interviewId = crypto.randomUUID();
  expect(await staff.try(replay, { interviewId }, body)).toMatchObject({
    status: 400,
    body: { code: "input.invalid" },
  });
});
