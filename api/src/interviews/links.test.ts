import { once } from "node:events";
import { expect, it } from "vitest";
import { WebSocket } from "ws";
import * as call from "@verbatim/shared/api/call";
import * as changes from "@verbatim/shared/api/changes";
import { createInterview, type Interview } from "@verbatim/shared/api/interviews";
import type { Role } from "@verbatim/shared/ids";
import { useHarness, useSecondApi } from "../../test/harness.ts";
import { comeIn, draft, paramsOf, participant, scene } from "../../test/scene.ts";
import { until } from "../../test/until.ts";

const { harness, staff } = await useHarness();
const second = await useSecondApi(harness);

const tokenOf = (interview: Interview, role: Role): string =>
  interview.links.find((link) => link.role === role)?.url.split("#")[1] ?? "";
const open = (interview: Interview, role: Role) =>
  harness.browser().try(call.openLink, {}, { token: tokenOf(interview, role) });

it("a link that was withdrawn says so and whom to ask; the others work on", async () => {
  const made = await staff.call(createInterview, {}, draft);
  const after = await staff.call(changes.revokeLink, { interviewId: made.id, role: "candidate" });
  expect(after.links.map(({ role }) => role)).toEqual(["co-interviewer", "observer"]);
  expect(after.withdrawnLinks).toEqual([{ role: "candidate", since: expect.any(String) }]);
  expect(Date.parse(after.withdrawnLinks[0]!.since)).toBeGreaterThanOrEqual(Date.parse(made.links[0]!.since));
  const refused = await open(made, "candidate");
  expect(refused).toMatchObject({ status: 410, body: { code: "link.revoked" } });
  expect((refused.body as { message: string }).message).toMatch(
    /withdrawn.*Grace Hopper of Acme \(grace@example.org\)/,
  );
  expect((await open(made, "observer")).status).toBe(200);
});

it("a withdrawal is undone: the same link, with the same seats, while those that a host closed stay closed", async () => {
  const { interview, host, candidate, observers, at } = await scene(harness, staff, { observers: 2 });
  const [closed, back] = observers;
  await staff.call(call.removePerson, paramsOf(host), { seatId: closed!.seatId });
  await staff.call(changes.revokeLink, { interviewId: interview.id, role: "observer" });
  expect((await open(interview, "observer")).body).toMatchObject({ code: "link.revoked" });
  const after = await staff.call(changes.restoreLink, { interviewId: interview.id, role: "observer" });
  expect(tokenOf(after, "observer")).toBe(tokenOf(interview, "observer"));
  expect(after.withdrawnLinks).toEqual([]);
  expect((await open(interview, "observer")).status).toBe(200);
  expect((await back!.browser.call(call.getEntry, paramsOf(back!))).seatId).toBe(back!.seatId);
  expect((await closed!.browser.try(call.getEntry, paramsOf(closed!), {})).body).toMatchObject({
    code: "seat.removed",
  });
  await until(
    () =>
      harness.sfu.calls
        .get(at.interviewId)
        ?.seats.filter(({ removed }) => removed)
        .map(({ seatId }) => seatId),
    (seats) => JSON.stringify(seats) === JSON.stringify([closed!.seatId]),
  );
  // Nothing of it touched the candidate.
  await candidate.browser.call(call.getEntry, paramsOf(candidate));
  const rows = await harness.sql(
    "select action, detail from verbatim.audit where interview_id = $1 and action like 'link.%' order by id",
    [interview.id],
  );
  expect(rows).toEqual([
    { action: "link.revoke", detail: { role: "observer", seats: 1 } },
    { action: "link.restore", detail: { role: "observer", seats: 1 } },
  ]);
});

it("a link that was replaced by a new one stays withdrawn, and nothing is undone while one works", async () => {
  const made = await staff.call(createInterview, {}, draft);
  const restore = () => staff.call(changes.restoreLink, { interviewId: made.id, role: "candidate" });
  expect((await restore()).links).toEqual(made.links);
  await staff.call(changes.revokeLink, { interviewId: made.id, role: "candidate" });
  const after = await staff.call(changes.renewLink, { interviewId: made.id, role: "candidate" });
  expect((await restore()).links).toEqual(after.links);
  expect((await open(made, "candidate")).body).toMatchObject({ code: "link.revoked" });
  // The last withdrawal is the one that is undone.
  await staff.call(changes.revokeLink, { interviewId: made.id, role: "candidate" });
  expect(tokenOf(await restore(), "candidate")).toBe(tokenOf(after, "candidate"));
  expect((await open(made, "candidate")).body).toMatchObject({ code: "link.revoked" });
});

it("a new link replaces the old one: a fresh seat for who opens it, and both are in the audit", async () => {
  const made = await staff.call(createInterview, {}, draft);
  const before = await comeIn(harness, made, "candidate");
  const after = await staff.call(changes.renewLink, { interviewId: made.id, role: "candidate" });
  expect(tokenOf(after, "candidate")).not.toBe(tokenOf(made, "candidate"));
  expect(after.withdrawnLinks).toEqual([]);
  expect((await open(made, "candidate")).body).toMatchObject({ code: "link.revoked" });
  // The same browser, with the withdrawn seat's cookie still in it.
  await before.browser.call(call.openLink, {}, { token: tokenOf(after, "candidate") });
  const entry = await before.browser.call(call.getEntry, paramsOf(before));
  expect(entry.seatId).not.toBe(before.seatId);
  expect(entry.consented).toBeNull();
  await staff.call(changes.revokeLink, { interviewId: made.id, role: "candidate" });
  const rows = await harness.sql(
    "select action, detail from verbatim.audit where interview_id = $1 and action like 'link.%' order by id",
    [made.id],
  );
  expect(rows).toEqual([
    { action: "link.renew", detail: { role: "candidate", seats: 1 } },
    { action: "link.revoke", detail: { role: "candidate", seats: 1 } },
  ]);
});

it("takes cookies, tickets and live sockets of who came by it within two seconds, at every process", async () => {
  const { interview, observers, host, at } = await scene(harness, staff, { observers: 2 });
  const [first, other] = observers;
  harness.sfu.room(at, [participant(host), ...observers.map((each) => participant(each))]);
  const sockets = [];
  for (const [person, port] of [
    [first!, harness.api.port],
    [other!, second.port],
  ] as const) {
    await person.browser.call(call.takeTicket, paramsOf(person), { for: "call" });
    const { ticket } = await person.browser.call(call.takeTicket, paramsOf(person), { for: "document" });
    const socket = new WebSocket(`ws://127.0.0.1:${port}/live/${interview.id}?ticket=${ticket}`, {
      headers: { origin: harness.config.http.publicUrl },
    });
    await once(socket, "open");
    // Sync step 1 with an empty state vector: only who is served is answered.
    socket.send(Buffer.from([0, 0, 1, 0]));
    await once(socket, "message");
    sockets.push(socket);
  }
  const unused = await first!.browser.call(call.takeTicket, paramsOf(first!), { for: "document" });
  const closed = Promise.all(sockets.map((socket) => once(socket, "close") as Promise<[number]>));
  await staff.call(changes.revokeLink, { interviewId: interview.id, role: "observer" });
  const revokedMs = performance.now();
  expect(await first!.browser.try(call.getEntry, paramsOf(first!), {})).toMatchObject({
    status: 403,
    body: { code: "seat.removed" },
  });
  expect((await closed).map(([code]) => code)).toEqual([4412, 4412]);
  await until(
    () =>
      harness.sfu.calls
        .get(interview.id)
        ?.seats.filter(({ removed }) => removed)
        .map(({ seatId }) => seatId)
        .toSorted(),
    (seats) => JSON.stringify(seats) === JSON.stringify(observers.map(({ seatId }) => seatId).toSorted()),
  );
  expect(performance.now() - revokedMs).toBeLessThan(2_000);
  const late = new WebSocket(`ws://127.0.0.1:${harness.api.port}/live/${interview.id}?ticket=${unused.ticket}`, {
    headers: { origin: harness.config.http.publicUrl },
  });
  expect(((await once(late, "close")) as [number])[0]).toBe(4401);
});

it("the interviewer has none to withdraw", async () => {
  const made = await staff.call(createInterview, {}, draft);
  expect((await staff.try(changes.revokeLink, { interviewId: made.id, role: "interviewer" }, {})).status).toBe(404);
});
