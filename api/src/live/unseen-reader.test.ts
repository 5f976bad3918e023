import { once } from "node:events";
import { expect, it } from "vitest";
import { WebSocket } from "ws";
import * as call from "@verbatim/shared/api/call";
import { useHarness } from "../../test/harness.ts";
import { comeIn, gather, paramsOf, participant, type Person, scene } from "../../test/scene.ts";

const { harness, staff } = await useHarness();

const absent = { status: 409, body: { code: "call.absent" } };

/** Opens the document and asks for it; its close code is in `closed`. */
async function read(person: Person, taken?: { ticket: string; url: string }) {
  const { ticket, url } = taken ?? (await person.browser.call(call.takeTicket, paramsOf(person), { for: "document" }));
  const socket = new WebSocket(`${url}?ticket=${ticket}`, { origin: harness.config.http.publicUrl });
  const closed = once(socket, "close").then(([code]) => code as number);
  await once(socket, "open");
  socket.send(Buffer.from([0, 0, 1, 0]));
  return { socket, closed, served: once(socket, "message") };
}

it("a sixth observer, whom nobody sees, neither reads the transcript nor touches the recording", async () => {
  const { host, interview, observers } = await scene(harness, staff, { observers: 5 });
  const sixth = await comeIn(harness, interview, "observer", "Sixth");
  const unseen = await comeIn(harness, interview, "co-interviewer", "Unseen");
  await gather(harness, [host, ...observers]);
  await host.browser.call(call.control, paramsOf(host), { action: "start", epoch: 0 });
  for (const person of [sixth, unseen]) {
    const reading = await read(person);
    expect(await Promise.race([reading.served, reading.closed])).toBe(4415);
    for (const action of ["take_over", "stop", "undo_stop"]) {
      expect(await person.browser.try(call.control, paramsOf(person), { action, epoch: 1 })).toMatchObject(absent);
    }
  }
  const fifth = await read(observers[4]!);
  await fifth.served;
  fifth.socket.close();
  const done = await harness.sql(
    "select actor from verbatim.audit where interview_id = $1 and action like 'control.%'",
    [host.interviewId],
  );
  expect(done).toEqual([{ actor: `seat:${host.seatId}` }]);
});

it("whoever has come in a moment ago reads, though our rows did not know it yet when they asked", async () => {
  const { host, observers } = await scene(harness, staff, { observers: 1 });
  await gather(harness, [host]);
  const reading = await read(observers[0]!);
  await gather(harness, [host, ...observers]);
  await reading.served;
  reading.socket.close();
});

it("who reconnects reads on; who has left is closed out, with the tickets in their pocket", async () => {
  const { host, observers, at } = await scene(harness, staff, { observers: 2 });
  const [one, two] = [observers[0]!, observers[1]!];
  await gather(harness, [host, one, two]);
  const [leaving, staying] = [await read(one), await read(two)];
  const kept = await one.browser.call(call.takeTicket, paramsOf(one), { for: "document" });
  await Promise.all([leaving.served, staying.served]);
  harness.sfu.room(at, [
    participant(host),
    participant(one, { presence: "left" }),
    participant(two, { presence: "away" }),
  ]);
  expect(await leaving.closed).toBe(4415);
  expect(await (await read(one, kept)).closed).toBe(4415);
  expect(staying.socket.readyState).toBe(WebSocket.OPEN);
  await (await read(two)).served;
  staying.socket.close();
});

it("nobody reads along after the call", async () => {
  const { host, observers, at } = await scene(harness, staff, { observers: 1 });
  await gather(harness, [host, ...observers]);
  const reading = await read(observers[0]!);
  await reading.served;
  await host.browser.call(call.endCall, paramsOf(host));
  // The media server empties the seats of a call that has ended.
  harness.sfu.room(
    at,
    [host, ...observers].map((person) => participant(person, { presence: "left" })),
  );
  expect(await reading.closed).toBe(4415);
  expect(await (await read(observers[0]!)).closed).toBe(4415);
});
