import { describe, expect, it } from "vitest";
import * as call from "@verbatim/shared/api/call";
import { getInterview } from "@verbatim/shared/api/interviews";
import { useHarness } from "../../test/harness.ts";
import { refusing } from "../../test/refusing.ts";
import { paramsOf, participant, scene } from "../../test/scene.ts";
import { until } from "../../test/until.ts";

const { harness, staff } = await useHarness({ quiet: true });

const present = async (interviewId: string) => (await staff.call(getInterview, { interviewId })).present;
const row = async (interviewId: string) =>
  (await harness.sql("select speakers_gone_at, participants from verbatim.interview where id = $1", [interviewId]))[0]!;
const lamp = async (interviewId: string) => (await staff.call(getInterview, { interviewId })).recording.lamp;

describe("what the media server says once, while Postgres refuses it", () => {
  it("is stored when that works again: the speakers who came back are not taken for gone", async () => {
    const { host, candidate, at } = await scene(harness, staff);
    harness.sfu.room(at, [participant(host, { presence: "left" })]);
    await until(
      () => row(at.interviewId),
      (stored) => stored["speakers_gone_at"] !== null,
    );
    {
      await using refused = await refusing(harness, "interview", "participants");
      harness.sfu.room(at, [participant(host)]);
      harness.sfu.room(at, [participant(host), participant(candidate)]);
      await until(refused.count, (n) => n >= 2);
      expect((await row(at.interviewId))["speakers_gone_at"]).not.toBeNull();
    }
    const stored = await until(
      () => row(at.interviewId),
      (now) => now["speakers_gone_at"] === null,
    );
    // The last state counts, not the first that was refused.
    expect(stored["participants"]).toHaveLength(2);
  });

  it("makes the recording start by itself afterwards", async () => {
    const { host, candidate, at } = await scene(harness, staff, { autoStart: true });
    await host.browser.call(call.takeTicket, paramsOf(host), { for: "call" });
    {
      await using refused = await refusing(harness, "recording", "phase");
      harness.sfu.room(at, [participant(host), participant(candidate)]);
      await until(refused.count, (n) => n >= 2);
      expect(await present(at.interviewId)).toBe(2);
      expect(await lamp(at.interviewId)).toBe("off");
    }
    await until(
      () => lamp(at.interviewId),
      (now) => now !== "off",
    );
  });

  it("is asked for again, when it was the clock of a recording", async () => {
    const { host, at } = await scene(harness, staff);
    const clock = async () =>
      (await harness.sql("select clock from verbatim.recording where interview_id = $1", [at.interviewId]))[0]![
        "clock"
      ];
    {
      await using refused = await refusing(harness, "recording", "clock");
      await host.browser.call(call.control, paramsOf(host), { action: "start", epoch: 0 });
      await until(refused.count, (n) => n >= 2);
      expect(await clock()).toBeNull();
    }
    await until(clock, Boolean);
  });
});

it("starts nothing on the word of a media server that is not there any more", async () => {
  const { host, candidate, at } = await scene(harness, staff);
  harness.sfu.room(at, [participant(host), participant(candidate)]);
  await until(
    () => present(at.interviewId),
    (n) => n === 2,
  );
  const told = harness.sfu.calls;
  told.clear();
  harness.sfu.drop();
  await until(() => told.get(at.interviewId), Boolean);
  // Both were here when the connection went; who is here now is not known yet.
  const [changed] = await harness.sql(
    "update verbatim.interview set auto_start = true, call_revision = call_revision + 1 where id = $1 returning call_revision::int as revision",
    [at.interviewId],
  );
  await until(
    () => told.get(at.interviewId)?.revision,
    (revision) => revision === changed!["revision"],
  );
  expect(await lamp(at.interviewId)).toBe("off");
  harness.sfu.room(at, [participant(host), participant(candidate)]);
  await until(
    () => lamp(at.interviewId),
    (now) => now !== "off",
  );
});
