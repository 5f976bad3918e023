import { once } from "node:events";
import { expect, it } from "vitest";
import { WebSocket } from "ws";
import * as call from "@verbatim/shared/api/call";
import { useHarness } from "../../test/harness.ts";
import { renewLink } from "@verbatim/shared/api/changes";
import { comeIn, gather, paramsOf, type Person, scene } from "../../test/scene.ts";
import { until } from "../../test/until.ts";

const { harness, staff } = await useHarness();

const remove = (by: Person, whom: Person) => by.browser.try(call.removePerson, paramsOf(by), { seatId: whom.seatId });
const told = (whom: Person) =>
  harness.sfu.calls.get(whom.interviewId)?.seats.find(({ seatId }) => seatId === whom.seatId)?.removed ?? false;
const audited = (interviewId: string) =>
  harness.sql("select actor, detail->>'seatId' as seat from verbatim.audit where interview_id = $1 and action = $2", [
    interviewId,
    "seat.remove",
  ]);

it("a host removes an observer: the media server frees the place, the live document closes, nothing opens again", async () => {
  const { host, observers, at } = await scene(harness, staff, { observers: 2 });
  const [gone, stays] = [observers[0]!, observers[1]!];
  await gather(harness, [host, gone, stays]);
  const { ticket, url } = await gone.browser.call(call.takeTicket, paramsOf(gone), { for: "document" });
  const unused = await gone.browser.call(call.takeTicket, paramsOf(gone), { for: "document" });
  const reader = new WebSocket(`${url}?ticket=${ticket}`, { origin: harness.config.http.publicUrl });
  await once(reader, "open");
  reader.send(Buffer.from([0, 0, 1, 0]));
  await once(reader, "message");
  const closed = once(reader, "close") as Promise<[number]>;

  expect(await remove(host, gone)).toMatchObject({ status: 200 });
  expect((await closed)[0]).toBe(4412);
  await until(() => told(gone), Boolean);
  expect(told(stays)).toBe(false);
  const late = new WebSocket(`${url}?ticket=${unused.ticket}`, { origin: harness.config.http.publicUrl });
  expect(((await once(late, "close")) as [number])[0]).toBeGreaterThanOrEqual(4400);
  expect(await gone.browser.try(call.takeTicket, paramsOf(gone), { for: "call" })).toMatchObject({
    status: 403,
    body: { code: "seat.removed" },
  });
  expect(await audited(at.interviewId)).toEqual([{ actor: `seat:${host.seatId}`, seat: gone.seatId }]);
  // Once more changes nothing, and is no second entry.
  expect(await remove(host, gone)).toMatchObject({ status: 200 });
  expect(await audited(at.interviewId)).toHaveLength(1);
});

it("the link that somebody was removed from does not let the same browser in again, and does let others in", async () => {
  const { host, observers, interview } = await scene(harness, staff, { observers: 1 });
  const gone = observers[0]!;
  await remove(host, gone);
  const token = interview.links.find(({ role }) => role === "observer")!.url.split("#")[1]!;
  expect(await gone.browser.try(call.openLink, {}, { token })).toMatchObject({ body: { code: "seat.removed" } });
  expect((await comeIn(harness, interview, "observer", "Another")).seatId).not.toBe(gone.seatId);
});

it("a removed candidate comes in again by a new link alone, into a new place", async () => {
  const { host, candidate, interview } = await scene(harness, staff);
  await gather(harness, [host, candidate]);
  expect(await remove(host, candidate)).toMatchObject({ status: 200 });
  await until(() => told(candidate), Boolean);
  const old = interview.links.find(({ role }) => role === "candidate")!.url.split("#")[1]!;
  expect(await candidate.browser.try(call.openLink, {}, { token: old })).toMatchObject({
    body: { code: "seat.removed" },
  });
  const renewed = await staff.call(renewLink, { interviewId: interview.id, role: "candidate" }, {});
  const token = renewed.links.find(({ role }) => role === "candidate")!.url.split("#")[1]!;
  expect(await candidate.browser.try(call.openLink, {}, { token })).toMatchObject({ status: 200 });
  const entry = await candidate.browser.call(call.getEntry, paramsOf(candidate));
  expect(entry.seatId).not.toBe(candidate.seatId);
});

it("only hosts remove, nobody the interviewer, and only of their own interview", async () => {
  const { host, candidate, observers, interview } = await scene(harness, staff, { observers: 2 });
  const other = await scene(harness, staff, { observers: 1 });
  const second = await comeIn(harness, interview, "co-interviewer", "Second");
  for (const [by, whom, status] of [
    [observers[0]!, observers[1]!, 403],
    [candidate, observers[0]!, 403],
    [second, candidate, 403],
    [second, host, 403],
    [second, second, 403],
    [host, host, 403],
    [host, other.observers[0]!, 404],
    [second, observers[0]!, 200],
    [host, second, 200],
    [host, candidate, 200],
  ] as const) {
    expect(await remove(by, whom), `${by.role} removes ${whom.role}`).toMatchObject({ status });
  }
  expect(await remove(second, observers[1]!)).toMatchObject({ status: 403, body: { code: "seat.removed" } });
});
