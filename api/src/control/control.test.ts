import pg from "pg";
import { describe, expect, it } from "vitest";
import * as call from "@verbatim/shared/api/call";
import { getInterview } from "@verbatim/shared/api/interviews";
import { act, tryAct, viewOf } from "../../test/controlling.ts";
import { useHarness } from "../../test/harness.ts";
import { comeIn, gather, paramsOf, participant, type Person, scene } from "../../test/scene.ts";
import { until } from "../../test/until.ts";

const { harness, staff } = await useHarness();

const view = (interviewId: string) => viewOf(staff, interviewId);

describe("control", () => {
  it("is a whole path from start to undo, each change stamped by the media server", async () => {
    const { host, at } = await scene(harness, staff);
    const started = await act(host, "start", 0);
    expect(started).toMatchObject({
      epoch: 1,
      controllerSeatId: host.seatId,
      recording: { lamp: "starting", epoch: 1 },
    });
    await until(
      () => view(at.interviewId),
      ({ startedAtMs }) => startedAtMs !== null,
    );
    await act(host, "pause", 1);
    expect(
      (
        await until(
          () => view(at.interviewId),
          ({ heldAtMs }) => heldAtMs !== null,
        )
      ).lamp,
    ).toBe("paused");
    await act(host, "resume", 1);
    const stopped = await act(host, "stop", 1);
    expect(stopped.recording.undoUntilMs).toBeGreaterThan(Date.now() + 110_000);
    await act(host, "undo_stop", 1);
    const told = await until(
      () => harness.sfu.calls.get(at.interviewId)?.recording?.transitions,
      (list) => list?.length === 5,
    );
    expect(told!.map(({ to }) => to)).toEqual(["recording", "paused", "recording", "stopped", "recording"]);
    await until(
      async () =>
        (
          await harness.sql(
            `select count(*)::int as n from verbatim.transition t join verbatim.recording r on r.id = t.recording_id where r.interview_id = $1 and at_us is null`,
            [at.interviewId],
          )
        )[0]!["n"],
      (n) => n === 0,
    );
  });

  it("has exactly one winner of fifty takeovers at once, and names the winner to the others", async () => {
    const { host, at, interview } = await scene(harness, staff);
    await act(host, "start", 0);
    const people: Person[] = [];
    for (let n = 0; n < 10; n++) people.push(await comeIn(harness, interview, "observer", `Person ${n}`));
    await gather(harness, [host, ...people]);
    // Whoever holds the row makes all who have read it wait at their update, so that the race is one.
    const holder = new pg.Client({ connectionString: harness.url });
    await holder.connect();
    await holder.query("begin");
    await holder.query("select 1 from verbatim.recording where interview_id = $1 for update", [at.interviewId]);
    const racing = Promise.all(Array.from({ length: 50 }, (_, n) => tryAct(people[n % 10]!, "take_over", 1)));
    const waiting =
      "select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like 'update \"recording\"%'";
    await until(
      async () => (await harness.sql(waiting))[0]!["n"],
      (n) => Number(n) >= 10,
    );
    await holder.query("commit");
    await holder.end();
    const answers = await racing;
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const after = await view(at.interviewId);
    expect(after.epoch).toBe(2);
    const losers = answers.filter(({ status }) => status === 409);
    expect(losers).toHaveLength(49);
    for (const { body } of losers) {
      expect(body).toMatchObject({ code: "control.lost" });
      expect((body as { message: string }).message).toContain(after.controllerName);
    }
    const audited = await harness.sql(
      "select count(*)::int as n from verbatim.audit where interview_id = $1 and action = 'control.take_over'",
      [at.interviewId],
    );
    expect(audited).toEqual([{ n: 1 }]);
  });

  it("passes to an observer, who may stop; the host takes it back by the same rule", async () => {
    const { host, observers, at } = await scene(harness, staff, { observers: 1 });
    const [observer] = observers;
    await gather(harness, [host, ...observers]);
    await act(host, "start", 0);
    expect(await tryAct(observer!, "stop", 1)).toMatchObject({ status: 409, body: { code: "control.lost" } });
    await act(observer!, "take_over", 1);
    const lost = await tryAct(host, "stop", 1);
    expect(lost).toMatchObject({
      status: 409,
      body: { code: "control.lost", message: "Observer 1 controls the recording now." },
    });
    await host.browser.call(call.acknowledge, paramsOf(host), { epoch: 2, safeMs: 1234 });
    await host.browser.call(call.acknowledge, paramsOf(host), { epoch: 2, safeMs: 1234 });
    expect(
      await harness.sql("select safe_ms::int, epoch from verbatim.acknowledgement where seat_id = $1", [host.seatId]),
    ).toEqual([{ safe_ms: 1234, epoch: 2 }]);
    await act(host, "take_over", 2);
    expect(await tryAct(host, "take_over", 3)).toMatchObject({ status: 409, body: { code: "state.conflict" } });
    await act(observer!, "take_over", 3);
    await act(observer!, "stop", 4);
    await act(host, "undo_stop", 4);
    expect((await view(at.interviewId)).controllerSeatId).toBe(observer!.seatId);
  });

  it("is never the candidate's", async () => {
    const { candidate } = await scene(harness, staff);
    for (const action of ["start", "pause", "resume", "stop", "undo_stop", "take_over"]) {
      expect(await tryAct(candidate, action, 0)).toMatchObject({ status: 403, body: { code: "auth.forbidden" } });
    }
  });

  it("does not begin before the candidate has accepted the notice", async () => {
    const { host, candidate } = await scene(harness, staff);
    const { notice } = await candidate.browser.call(call.getEntry, paramsOf(candidate));
    await candidate.browser.call(call.giveConsent, paramsOf(candidate), { version: notice.version, accepted: false });
    expect(await tryAct(host, "start", 0)).toMatchObject({ status: 409, body: { code: "consent.required" } });
  });

  it("begins a second part after the first was closed, for any host, however the first one ended", async () => {
    const { host, observers, at } = await scene(harness, staff, { observers: 2 });
    await gather(harness, [host, ...observers]);
    await act(host, "start", 0);
    const first = await until(
      () => view(at.interviewId),
      ({ startedAtMs }) => startedAtMs !== null,
    );
    expect(first.begunAtMs).toBe(first.startedAtMs);
    await act(observers[0]!, "take_over", 1);
    await act(observers[0]!, "stop", 2);
    await harness.sql(
      "update verbatim.recording set phase = 'closed', revision = revision + 1 where interview_id = $1",
      [at.interviewId],
    );
    // Who controlled it has left, and takes it along to nobody.
    await gather(harness, [host, observers[1]!]);
    expect(await tryAct(host, "undo_stop", 2)).toMatchObject({ status: 409 });
    expect(await tryAct(observers[1]!, "start", 2)).toMatchObject({ status: 403, body: { code: "auth.forbidden" } });
    const two = await Promise.all([tryAct(host, "start", 2), tryAct(host, "start", 2)]);
    expect(two.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    const parts = await harness.sql(
      "select part, phase from verbatim.recording where interview_id = $1 order by part",
      [at.interviewId],
    );
    expect(parts).toEqual([
      { part: 1, phase: "closed" },
      { part: 2, phase: "recording" },
    ]);
    expect(await view(at.interviewId)).toMatchObject({ controllerSeatId: host.seatId, epoch: 3 });
    // The planned time goes on counting from the first part.
    const second = await until(
      () => view(at.interviewId),
      ({ startedAtMs }) => startedAtMs !== null && startedAtMs !== first.startedAtMs,
    );
    expect(second.begunAtMs).toBe(first.startedAtMs);
    await act(host, "stop", 3);
  });

  it("stops the recording when a host ends the call, whoever controls it", async () => {
    const { host, observers, at } = await scene(harness, staff, { observers: 1 });
    await gather(harness, [host, ...observers]);
    await act(host, "start", 0);
    await act(observers[0]!, "take_over", 1);
    await host.browser.call(call.endCall, paramsOf(host));
    expect((await view(at.interviewId)).lamp).toBe("stopped");
    expect(await tryAct(host, "undo_stop", 2)).toMatchObject({ status: 410, body: { code: "interview.over" } });
  });
});

describe("the automatic start", () => {
  it("begins when interviewer and consenting candidate are both here, with the interviewer as controller", async () => {
    const { host, candidate, at } = await scene(harness, staff, { autoStart: true });
    await host.browser.call(call.takeTicket, paramsOf(host), { for: "call" });
    harness.sfu.room(at, [participant(host), participant(candidate, { presence: "knocking" })]);
    harness.sfu.room(at, [participant(host), participant(candidate, { consented: false })]);
    await until(
      async () => (await staff.call(getInterview, { interviewId: at.interviewId })).present,
      (n) => n === 2,
    );
    expect((await view(at.interviewId)).lamp).toBe("off");
    harness.sfu.room(at, [participant(host), participant(candidate)]);
    const started = await until(
      () => view(at.interviewId),
      ({ lamp }) => lamp !== "off",
    );
    expect(started).toMatchObject({ controllerSeatId: host.seatId, epoch: 1 });
  });

  it("happens once, though every room that comes would start it", async () => {
    const { host, candidate, at } = await scene(harness, staff, { autoStart: true });
    for (let n = 0; n < 5; n++) harness.sfu.room(at, [participant(host), participant(candidate)]);
    await until(
      () => view(at.interviewId),
      ({ lamp }) => lamp !== "off",
    );
    const rows = await harness.sql(
      "select t.revision from verbatim.transition t join verbatim.recording r on r.id = t.recording_id where r.interview_id = $1",
      [at.interviewId],
    );
    expect(rows).toEqual([{ revision: 1 }]);
  });

  it("leaves it to people when it is switched off", async () => {
    const { host, candidate, at } = await scene(harness, staff, { autoStart: false });
    harness.sfu.room(at, [participant(host), participant(candidate)]);
    await until(
      async () => (await staff.call(getInterview, { interviewId: at.interviewId })).present,
      (n) => n === 2,
    );
    expect((await view(at.interviewId)).lamp).toBe("off");
  });
});

it("repeats a call to a media server that was away, with the stamps it gave", async () => {
  const { host, at } = await scene(harness, staff);
  await act(host, "start", 0);
  await until(
    () => view(at.interviewId),
    ({ startedAtMs }) => startedAtMs !== null,
  );
  const { named } = harness.sfu;
  named.length = 0;
  harness.sfu.drop();
  harness.sfu.calls.clear();
  const told = await until(() => harness.sfu.calls.get(at.interviewId), Boolean);
  expect(told!.recording!.clock).not.toBeNull();
  expect(told!.recording!.transitions[0]!.atUs).not.toBeNull();
  // Behind the calls: what is not named has ended while nobody heard of it.
  const [calls] = await until(
    () => named,
    ({ length }) => length > 0,
  );
  expect(calls).toContain(at.interviewId);
  expect(new Set(calls).isSubsetOf(new Set(harness.sfu.calls.keys()))).toBe(true);
});

it("tells anew when a running recording's figures were measured, though they are the same, and leaves a paused one alone", async () => {
  const [running, held] = [await scene(harness, staff), await scene(harness, staff)];
  for (const { host } of [running, held]) await act(host, "start", 0);
  await act(held.host, "pause", 1);
  const paused = await until(
    () => view(held.at.interviewId),
    ({ heldAtMs }) => heldAtMs !== null,
  );
  const { revision } = harness.sfu.calls.get(held.at.interviewId)!;
  // No recorder ever answers: nothing but the time of looking changes. Both are looked at in the same turn.
  const measured = async () => (await view(running.at.interviewId)).measuredAtMs ?? 0;
  for (let look = 0; look < 3; look++) {
    const last = await measured();
    await until(measured, (ms) => ms > last);
  }
  expect(await view(held.at.interviewId)).toEqual(paused);
  expect(harness.sfu.calls.get(held.at.interviewId)!.revision).toBe(revision);
});
