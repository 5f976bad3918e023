import { once } from "node:events";
import { expect, it } from "vitest";
import * as call from "@verbatim/shared/api/call";
import { takeNotesTicket, takeNotesTicketByAccount } from "@verbatim/shared/api/notes";
import { useHarness } from "../../test/harness.ts";
import { openNotes, rawNotes } from "../../test/notes-client.ts";
import { gather, paramsOf, participant, type Person, scene } from "../../test/scene.ts";
import { until } from "../../test/until.ts";

const { harness, staff } = await useHarness({ quiet: true });

const ticketOf = async (person: Person): Promise<string> =>
  (await person.browser.call(takeNotesTicket, paramsOf(person), { which: "shared" })).ticket;

/** The shared notes on a guest's page, whose network can be cut. */
function pageOf(person: Person) {
  let online = true;
  const page = openNotes({
    port: () => harness.api.port,
    interviewId: person.interviewId,
    ticket: () => (online ? ticketOf(person) : Promise.reject(new Error("offline"))),
  });
  return {
    ...page,
    cut: () => {
      online = false;
      page.provider.disconnect();
    },
    mend: () => (online = true),
  };
}

/** A call whose observers have the notes open; ended, nobody is in it any more. */
async function stage(observers: number) {
  const own = await scene(harness, staff, { observers });
  const people = [own.host, ...own.observers];
  await gather(harness, people);
  const onPage = () =>
    openNotes({
      port: () => harness.api.port,
      interviewId: own.at.interviewId,
      ticket: async () =>
        (await staff.call(takeNotesTicketByAccount, { interviewId: own.at.interviewId }, { which: "shared" })).ticket,
    });
  const end = async (): Promise<void> => {
    await own.host.browser.call(call.endCall, paramsOf(own.host));
    harness.sfu.room(
      own.at,
      people.map((person) => participant(person, { presence: "left" })),
    );
  };
  const ago = (minutes: number) =>
    harness.sql("update verbatim.interview set ended_at = now() - $2 * interval '1 minute' where id = $1", [
      own.at.interviewId,
      minutes,
    ]);
  return { ...own, onPage, end, ago };
}

/** "This is what I have": one word of somebody's. And a page that has nothing yet. */
const holding = Uint8Array.of(0, 0, 3, 1, 7, 1);
const holdingNothing = Uint8Array.of(0, 0, 1, 0);

const closed = async (socket: ReturnType<typeof rawNotes>): Promise<number> =>
  ((await once(socket, "close")) as [number])[0];

it("what a guest typed while their network was away is stored when the call has ended, and they read nothing more", async () => {
  const { host, observers, onPage, end } = await stage(2);
  using guest = pageOf(observers[0]!);
  using account = onPage();
  await until(() => guest.provider.synced && account.provider.synced, Boolean);
  const before = guest.type("before");
  await until(guest.stored, (stored) => stored >= before);
  guest.cut();
  const mark = guest.type(", and offline");
  await end();
  account.type("after the call");
  guest.mend();
  await until(account.text, (text) => text.includes("before, and offline"));
  await until(guest.stored, (stored) => stored >= mark);
  // Whoever is in the call is looked at again with each change, as every second: who only sends is not closed out.
  await host.browser.call(call.removePerson, paramsOf(host), { seatId: observers[1]!.seatId });
  const later = account.type("later still");
  await until(account.stored, (stored) => stored >= later);
  expect(guest.text()).not.toMatch(/after the call|later still/);
  expect(guest.provider.wsconnected).toBe(true);
  expect(guest.codes).not.toContain(4415);
  expect(
    [...account.provider.awareness.getStates().values()].filter(({ user }) => user?.name === "Observer 1"),
  ).toEqual([]);
});

it("after a call, notes are taken for a quarter of an hour, from pages that had them open in it", async () => {
  const { observers, at, end, ago, candidate } = await stage(2);
  const [one, two] = [observers[0]!, observers[1]!];
  using page = pageOf(one);
  await until(() => page.provider.synced, Boolean);
  page.cut();
  await end();
  const opens = async (person: Person, client: number, said = holding): Promise<number> => {
    const socket = rawNotes(harness.api.port, at.interviewId, await ticketOf(person), client);
    const code = closed(socket);
    await once(socket, "open");
    socket.send(said);
    const served = once(socket, "message").then(() => 0);
    const answer = await Promise.race([code, served]);
    socket.close();
    return answer;
  };
  const client = page.doc.clientID;
  expect(await opens(one, client)).toBe(0);
  expect(await opens(one, client, holdingNothing)).toBe(4411);
  expect(await opens(one, client + 1)).toBe(4411);
  expect(await opens(two, client)).toBe(4411);
  const no = await candidate.browser.try(takeNotesTicket, paramsOf(candidate), { which: "shared" });
  expect(no.status).toBe(403);
  await ago(16);
  expect(await opens(one, client)).toBe(4411);
});

it("whose place was closed sends nothing after the call", async () => {
  const { observers, at, host, end } = await stage(1);
  const observer = observers[0]!;
  using page = pageOf(observer);
  await until(() => page.provider.synced, Boolean);
  page.cut();
  await end();
  const open = rawNotes(harness.api.port, at.interviewId, await ticketOf(observer), page.doc.clientID);
  await once(open, "open");
  open.send(holding);
  await once(open, "message");
  const kept = await ticketOf(observer);
  const code = closed(open);
  await host.browser.call(call.removePerson, paramsOf(host), { seatId: observer.seatId });
  expect(await code).toBe(4412);
  expect(await closed(rawNotes(harness.api.port, at.interviewId, kept, page.doc.clientID))).toBe(4401);
});
