import { expect, it } from "vitest";
import * as call from "@verbatim/shared/api/call";
import type { LiveLoss } from "@verbatim/shared/document/live";
import { getInterview } from "@verbatim/shared/api/interviews";
import { act } from "../../test/controlling.ts";
import { useHarness } from "../../test/harness.ts";
import { gather, paramsOf, type Person, scene } from "../../test/scene.ts";
import { until } from "../../test/until.ts";
import { openDocument } from "../../test/open-document.ts";

const { harness, staff } = await useHarness();

const acknowledge = (person: Person, epoch: number, safeMs = 1234) =>
  person.browser.try(call.acknowledge, paramsOf(person), { epoch, safeMs });
const audited = async (interviewId: string) =>
  (
    await harness.sql(
      "select count(*)::int as n from verbatim.audit where interview_id = $1 and action = 'control.acknowledge'",
      [interviewId],
    )
  )[0]!["n"];

/** A recording that the host started, and the live document as the host reads it. */
async function started() {
  const made = await scene(harness, staff, { observers: 2 });
  const { host, observers } = made;
  await gather(harness, [host, ...observers]);
  await act(host, "start", 0);
  const reader = await openDocument(harness, host);
  const told = (person: Person) =>
    (reader.doc.getMap("meta").get("losses") as LiveLoss[] | undefined)?.find(({ seatId }) => seatId === person.seatId);
  const known = (person: Person) =>
    until(
      () => reader.doc.getMap("meta").has("losses") && told(person),
      (loss) => loss === undefined,
    );
  return { ...made, one: observers[0]!, two: observers[1]!, reader, told, known };
}

it("a loss of control stands until it is acknowledged, whatever is done with the recording meanwhile", async () => {
  const { host, one, two, at, reader, told, known } = await started();
  using _reader = reader;
  await act(one, "take_over", 1);
  await act(one, "pause", 2);
  await act(one, "resume", 2);
  await until(() => told(host), Boolean);
  await act(two, "take_over", 2);
  await until(() => told(one), Boolean);
  expect(told(host)).toMatchObject({ epoch: 2, byName: "Observer 1" });
  expect(told(one)).toMatchObject({ epoch: 3, byName: "Observer 2" });
  const since = (await staff.call(getInterview, { interviewId: at.interviewId })).recording.controllerSinceMs;
  expect(since).toBe(told(one)!.atMs);

  expect((await acknowledge(host, 2)).status).toBe(200);
  await known(host);
  expect(told(one)).toMatchObject({ epoch: 3 });
  const stored = "select epoch, safe_ms::int from verbatim.acknowledgement where seat_id = $1";
  expect(await harness.sql(stored, [host.seatId])).toEqual([{ epoch: 2, safe_ms: 1234 }]);
});

it("one answer settles every loss before it, and only the first time is written down", async () => {
  const { host, one, at, reader, told, known } = await started();
  using _reader = reader;
  await act(one, "take_over", 1);
  await act(host, "take_over", 2);
  // Whoever has it again knows.
  await known(host);
  await act(one, "take_over", 3);
  await until(
    () => told(host)?.epoch,
    (epoch) => epoch === 4,
  );
  for (let n = 0; n < 3; n++) expect((await acknowledge(host, 4)).status).toBe(200);
  await known(host);
  expect(await audited(at.interviewId)).toBe(1);
});

it("nobody acknowledges what was not taken from them", async () => {
  const { host, one, two, candidate, at, reader, told } = await started();
  using _reader = reader;
  await act(one, "take_over", 1);
  expect(await acknowledge(candidate, 2)).toMatchObject({ status: 403, body: { code: "auth.forbidden" } });
  for (const [person, epoch] of [
    [two, 2],
    [one, 2],
    [host, 1],
    [host, 3],
    [host, 999],
  ] as const) {
    expect(await acknowledge(person, epoch)).toMatchObject({ status: 409, body: { code: "state.conflict" } });
  }
  expect(await audited(at.interviewId)).toBe(0);
  await until(() => told(host), Boolean);
});
