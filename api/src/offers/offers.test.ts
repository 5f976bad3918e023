import { decodeJwt } from "jose";
import { expect, it } from "vitest";
import * as call from "@verbatim/shared/api/call";
import { joinByAccount } from "@verbatim/shared/api/interviews";
import * as offers from "@verbatim/shared/api/offers";
import type { LiveOffer } from "@verbatim/shared/document/live";
import { useHarness } from "../../test/harness.ts";
import { openDocument } from "../../test/open-document.ts";
import { gather, paramsOf, type Person, scene } from "../../test/scene.ts";
import { until } from "../../test/until.ts";

const { harness, staff } = await useHarness();

const offer = async (by: Person, whom: Person) =>
  (await by.browser.call(offers.offerSeat, paramsOf(by), { seatId: whom.seatId })).offerId;
const tryOffer = (by: Person, whom: Person) => by.browser.try(offers.offerSeat, paramsOf(by), { seatId: whom.seatId });
const answer = (person: Person, offerId: string, accepted: boolean) =>
  person.browser.try(offers.answerOffer, paramsOf(person), { offerId, accepted });
const withdraw = (by: Person, offerId: string) => by.browser.try(offers.withdrawOffer, paramsOf(by), { offerId });
const ticket = (person: Person) => person.browser.try(call.takeTicket, paramsOf(person), { for: "call" });
const asSpeaker = async (observer: Person): Promise<Person> => {
  const person = { ...observer, role: "co-interviewer" } as const;
  const { seatId } = await person.browser.call(call.getEntry, paramsOf(person));
  return { ...person, seatId };
};
const agree = async (person: Person) => {
  const { notice } = await person.browser.call(call.getEntry, paramsOf(person));
  await person.browser.call(call.giveConsent, paramsOf(person), { version: notice.version, accepted: true });
};
const rows = (offerId: string) =>
  harness.sql("select answer, answered_at is not null as settled from verbatim.seat_offer where id = $1", [offerId]);
const audited = (interviewId: string) =>
  harness.sql(
    "select actor, action from verbatim.audit where interview_id = $1 and action in ('seat.offer', 'seat.offer_accepted', 'seat.offer_declined', 'seat.offer_withdrawn', 'seat.moved') order by id",
    [interviewId],
  );

async function met(observers = 1) {
  const made = await scene(harness, staff, { observers });
  await gather(harness, [made.host, made.candidate, ...made.observers]);
  return { ...made, olga: made.observers[0]! };
}

it("an observer who accepts answers the notice, and comes in with a new seat and ticket; the observer's seat is over", async () => {
  const { host, olga, at } = await met();
  const before = (await ticket(olga)).body as { ticket: string };
  expect(decodeJwt(before.ticket)).toMatchObject({ role: "observer", seatId: olga.seatId });
  const id = await offer(host, olga);
  expect(await answer(olga, id, true)).toMatchObject({ status: 200 });
  const speaker = await asSpeaker(olga);
  expect(speaker.seatId).not.toBe(olga.seatId);
  // Without the notice there is no ticket, and nothing has changed for them.
  expect(await ticket(speaker)).toMatchObject({ status: 409, body: { code: "consent.required" } });
  expect(decodeJwt(((await ticket(olga)).body as { ticket: string }).ticket)).toMatchObject({ role: "observer" });

  await agree(speaker);
  const given = await ticket(speaker);
  expect(decodeJwt((given.body as { ticket: string }).ticket)).toMatchObject({
    role: "co-interviewer",
    seatId: speaker.seatId,
    name: "Observer 1",
    consented: true,
    admitted: true,
  });
  expect(await ticket(olga)).toMatchObject({ status: 401 });
  await until(
    () => harness.sfu.calls.get(at.interviewId)?.seats.find(({ seatId }) => seatId === olga.seatId),
    (seat) => seat?.removed === true && seat.moved === true,
  );
  expect(await rows(id)).toEqual([{ answer: "accepted", settled: true }]);
  expect(await audited(at.interviewId)).toEqual([
    { actor: `seat:${host.seatId}`, action: "seat.offer" },
    { actor: `seat:${olga.seatId}`, action: "seat.offer_accepted" },
    { actor: `seat:${speaker.seatId}`, action: "seat.moved" },
  ]);
});

it("an observer who says no stays one; who offered reads it, and may offer once more", async () => {
  const { host, olga, at } = await met();
  const reader = await openDocument(harness, host);
  using _reader = reader;
  const told = () => (reader.doc.getMap("meta").get("offers") as LiveOffer[] | undefined)?.[0];
  const id = await offer(host, olga);
  await until(told, (one) => one?.answer === "open" && one.seatId === olga.seatId && one.byName === "Grace Hopper");
  expect(await answer(olga, id, false)).toMatchObject({ status: 200 });
  await until(told, (one) => one?.answer === "declined" && one.name === "Observer 1");
  expect(await answer(olga, id, true)).toMatchObject({ status: 409, body: { code: "state.conflict" } });
  expect(await ticket({ ...olga, role: "co-interviewer" })).toMatchObject({ status: 401 });
  expect(await ticket(olga)).toMatchObject({ status: 200 });
  const again = await offer(host, olga);
  expect(again).not.toBe(id);
  await until(told, (one) => one?.offerId === again);
  expect((await audited(at.interviewId)).map(({ action }) => action)).toEqual([
    "seat.offer",
    "seat.offer_declined",
    "seat.offer",
  ]);
});

it("an offer is withdrawn, or runs out, and nobody comes in by it", async () => {
  const { host, olga } = await met();
  const reader = await openDocument(harness, host);
  using _reader = reader;
  const told = () => reader.doc.getMap("meta").get("offers") as LiveOffer[] | undefined;
  const first = await offer(host, olga);
  expect(await offer(host, olga), "the same one while it stands").toBe(first);
  await until(told, (list) => list?.length === 1);
  expect(await withdraw(olga, first)).toMatchObject({ status: 403 });
  expect(await withdraw(host, first)).toMatchObject({ status: 200 });
  await until(told, (list) => list?.length === 0);
  expect(await answer(olga, first, true)).toMatchObject({ status: 409, body: { code: "state.conflict" } });

  const second = await offer(host, olga);
  await until(told, (list) => list?.length === 1);
  await harness.sql("update verbatim.seat_offer set expires_at = now() where id = $1", [second]);
  await until(told, (list) => list?.length === 0);
  expect(await answer(olga, second, true)).toMatchObject({ status: 409, body: { code: "state.conflict" } });
  const third = await offer(host, olga);
  expect([await rows(first), await rows(second), await rows(third)]).toEqual([
    [{ answer: "withdrawn", settled: true }],
    [{ answer: "expired", settled: true }],
    [{ answer: null, settled: false }],
  ]);
  await host.browser.call(call.endCall, paramsOf(host));
  expect(await answer(olga, third, true)).toMatchObject({ status: 410, body: { code: "interview.over" } });
});

it("an offer is good for one seat of one observer, however often they say yes", async () => {
  const { host, observers, at } = await met(2);
  const [olga, other] = [observers[0]!, observers[1]!];
  const id = await offer(host, olga);
  expect(await answer(other, id, true)).toMatchObject({ status: 404 });
  expect(await answer(host, id, true)).toMatchObject({ status: 404 });
  const yes = await Promise.all([answer(olga, id, true), answer(olga, id, true)]);
  expect(yes.map(({ status }) => status)).toEqual([200, 200]);
  expect(await answer(olga, id, false)).toMatchObject({ status: 409 });
  expect(await withdraw(host, id)).toMatchObject({ status: 409 });
  const made = "select count(*)::int as n from verbatim.seat where interview_id = $1 and role = 'co-interviewer'";
  expect(await harness.sql(made, [at.interviewId])).toEqual([{ n: 1 }]);
});

it("hosts offer, and who controls by an account; only to an observer who is here", async () => {
  const { host, candidate, observers, at } = await met(3);
  const [olga, other, gone] = [observers[0]!, observers[1]!, observers[2]!];
  const { seatId } = await staff.call(joinByAccount, { interviewId: at.interviewId }, { role: "observer" });
  const member: Person = { browser: staff, interviewId: at.interviewId, role: "observer", seatId };
  await gather(harness, [host, candidate, olga, other, member]);
  const elsewhere = await met();
  for (const [by, whom, status] of [
    [olga, other, 403],
    [candidate, olga, 403],
    [member, olga, 403],
    [host, candidate, 404],
    [host, host, 404],
    [host, gone, 404],
    [host, elsewhere.olga, 404],
  ] as const) {
    expect(await tryOffer(by, whom), `${by.role} to ${whom.role}`).toMatchObject({ status });
  }
  await olga.browser.call(call.control, paramsOf(olga), { action: "take_over", epoch: 0 });
  expect(await tryOffer(olga, other), "a guest who controls").toMatchObject({ status: 403 });
  await member.browser.call(call.control, paramsOf(member), { action: "take_over", epoch: 1 });
  expect(await tryOffer(member, other)).toMatchObject({ status: 200 });
  expect(await tryOffer(member, member)).toMatchObject({ status: 404 });
  await gather(harness, [host, candidate]);
  expect(await tryOffer(member, olga), "unseen").toMatchObject({ status: 409, body: { code: "call.absent" } });
});

it("an observer who is removed takes no seat that they were offered, accepted or not", async () => {
  const { host, observers, at } = await met(2);
  const [olga, other] = [observers[0]!, observers[1]!];
  const open = await offer(host, other);
  await answer(olga, await offer(host, olga), true);
  const speaker = await asSpeaker(olga);
  for (const whom of [olga, other]) {
    await host.browser.call(call.removePerson, paramsOf(host), { seatId: whom.seatId });
  }
  await until(
    () => harness.sfu.calls.get(at.interviewId)?.seats.filter(({ removed }) => removed),
    (seats) => seats?.length === 3 && seats.every(({ moved }) => moved === undefined),
  );
  expect(await ticket(speaker)).toMatchObject({ status: 403, body: { code: "seat.removed" } });
  expect(await answer(other, open, true)).toMatchObject({ status: 403, body: { code: "seat.removed" } });
});

it("control moves along with who moves, and a person with an account may listen again another time", async () => {
  const { host, candidate, at } = await met();
  const join = () => staff.call(joinByAccount, { interviewId: at.interviewId }, { role: "observer" });
  const { seatId } = await join();
  const member: Person = { browser: staff, interviewId: at.interviewId, role: "observer", seatId };
  await gather(harness, [host, candidate, member]);
  await member.browser.call(call.control, paramsOf(member), { action: "take_over", epoch: 0 });
  await answer(member, await offer(host, member), true);
  const speaker = await asSpeaker(member);
  await agree(speaker);
  await until(
    async () => (await ticket(speaker)).status,
    (status) => status === 200,
  );
  await gather(harness, [host, candidate, speaker]);
  await until(
    () => harness.sfu.calls.get(at.interviewId)?.view,
    (view) => view?.epoch === 2 && view.controllerSeatId === speaker.seatId && view.controllerFrom === undefined,
  );
  expect((await join()).seatId).not.toBe(seatId);
});
