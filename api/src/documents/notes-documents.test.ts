import { once } from "node:events";
import fc from "fast-check";
import * as encoding from "lib0/encoding";
import { describe, expect, it } from "vitest";
import type { WebSocket } from "ws";
import * as Y from "yjs";
import * as account from "@verbatim/shared/api/account";
import * as call from "@verbatim/shared/api/call";
import { takeNotesTicket, takeNotesTicketByAccount } from "@verbatim/shared/api/notes";
import { NOTES_ROOT, notesLimits } from "@verbatim/shared/document/notes";
import { openDatabase } from "../database/database.ts";
import { log, PASSWORD, secondTenant, useHarness } from "../../test/harness.ts";
import { forgeNotesTicket, openNotes, rawNotes } from "../../test/notes-client.ts";
import { gather, paramsOf, participant, type Person, scene } from "../../test/scene.ts";
import { until } from "../../test/until.ts";
import { createUpdateLog } from "./update-log.ts";

const { harness, staff } = await useHarness({ quiet: true });
const { at, host, candidate, observers } = await scene(harness, staff, { observers: 2 });
await gather(harness, [host, candidate, ...observers]);
const secret = harness.config.secrets.ticket;

type Which = "shared" | "private";
const ticketOf = (person: Person, which: Which = "shared") =>
  person.browser.call(takeNotesTicket, paramsOf(person), { which });
const pageOf = (person: Person, which: Which = "shared") =>
  openNotes({
    port: () => harness.api.port,
    interviewId: at.interviewId,
    which,
    ticket: async () => (await ticketOf(person, which)).ticket,
  });
/** Notes of an interview of their own: what one test wrote is not in another's. */
async function fresh() {
  const own = await scene(harness, staff);
  const page = (name: string, person = `user:${name}`) =>
    openNotes({
      port: () => harness.api.port,
      interviewId: own.at.interviewId,
      ticket: () => forgeNotesTicket(secret, { ...own.at, name, person }),
    });
  const raw = async (client: number, person = "user:mallory") => {
    const socket = rawNotes(
      harness.api.port,
      own.at.interviewId,
      await forgeNotesTicket(secret, { ...own.at, person }),
      client,
    );
    await once(socket, "open");
    return socket;
  };
  const rows = async () =>
    (
      await harness.sql("select count(*)::int as n from verbatim.document_update where document = $1", [
        `notes/${own.at.interviewId}`,
      ])
    )[0]?.["n"] as number;
  return { ...own, page, raw, rows };
}
const closed = async (socket: WebSocket): Promise<number> => ((await once(socket, "close")) as [number])[0];
const saved = (page: ReturnType<typeof openNotes>, mark: number) => until(page.stored, (stored) => stored >= mark);
const updateFrame = (update: Uint8Array, ...head: number[]): Uint8Array => {
  const encoder = encoding.createEncoder();
  encoding.writeUint8Array(encoder, Uint8Array.from(head.length > 0 ? head : [0, 2]));
  encoding.writeVarUint8Array(encoder, update);
  return encoding.toUint8Array(encoder);
};
const paragraphBy = (doc: Y.Doc, text: string): Uint8Array => {
  const element = new Y.XmlElement("paragraph");
  element.insert(0, [new Y.XmlText(text)]);
  doc.getXmlFragment(NOTES_ROOT).push([element]);
  return Y.encodeStateAsUpdate(doc);
};

describe("notes", () => {
  it("are written together by host and observer, and are there for who comes later", async () => {
    using one = pageOf(host);
    using two = pageOf(observers[0]!);
    await until(() => one.provider.synced && two.provider.synced, Boolean);
    await saved(one, one.type("from the host"));
    await saved(two, two.type("from the observer"));
    await until(one.text, (text) => text.includes("from the observer"));
    using late = pageOf(observers[1]!);
    await until(late.text, (text) => text.includes("from the host") && text.includes("from the observer"));
    expect(late.text()).toBe(one.text());
  });

  it("are a candidate's in no way", async () => {
    for (const which of ["shared", "private"]) {
      expect((await candidate.browser.try(takeNotesTicket, paramsOf(candidate), { which })).status).toBe(403);
      const byAccount = await candidate.browser.try(takeNotesTicketByAccount, paramsOf(candidate), { which });
      expect(byAccount.status).toBe(401);
    }
    // Their tickets for the call or for the live document open nothing here.
    const { ticket } = await candidate.browser.call(call.takeTicket, paramsOf(candidate), { for: "call" });
    expect(await closed(rawNotes(harness.api.port, at.interviewId, ticket, 1))).toBe(4401);
    const live = await host.browser.call(call.takeTicket, paramsOf(host), { for: "document" });
    expect(await closed(rawNotes(harness.api.port, at.interviewId, live.ticket, 1))).toBe(4401);
  });

  it("open with their own ticket, once, for one interview, and not by another organisation's", async () => {
    const other = await fresh();
    const { ticket } = await ticketOf(host);
    // A socket is open before its ticket is looked at: of two at once either may be the one that is let in.
    const twice = [1, 2].map(() => rawNotes(harness.api.port, at.interviewId, ticket, 1));
    expect(await Promise.race(twice.map(closed))).toBe(4401);
    expect(await closed(rawNotes(harness.api.port, at.interviewId, ticket, 1))).toBe(4401);
    for (const socket of twice) socket.close();
    const elsewhere = (await ticketOf(host)).ticket;
    expect(await closed(rawNotes(harness.api.port, other.at.interviewId, elsewhere, 1))).toBe(4403);
    const forged = await forgeNotesTicket("f".repeat(40), at);
    expect(await closed(rawNotes(harness.api.port, at.interviewId, forged, 1))).toBe(4401);
    const own = (await ticketOf(host, "private")).ticket;
    expect(await closed(rawNotes(harness.api.port, at.interviewId, own, 1))).toBe(4403);
    const noClient = (await ticketOf(host)).ticket;
    expect(await closed(rawNotes(harness.api.port, at.interviewId, noClient, 2 ** 33))).toBe(4400);
    const stranger = await secondTenant(harness);
    const theirs = await stranger.try(takeNotesTicketByAccount, { interviewId: at.interviewId }, { which: "shared" });
    expect(theirs.status).toBe(404);
  });

  it("kept for oneself are the same in the call and on the interview's page, and nobody else's", async () => {
    using inCall = pageOf(host, "private");
    using others = pageOf(observers[0]!, "private");
    await saved(inCall, inCall.type("for me alone"));
    await saved(others, others.type("mine"));
    const onPage = openNotes({
      port: () => harness.api.port,
      interviewId: at.interviewId,
      which: "private",
      ticket: async () =>
        (await staff.call(takeNotesTicketByAccount, { interviewId: at.interviewId }, { which: "private" })).ticket,
    });
    using page = onPage;
    await until(page.text, (text) => text.includes("for me alone"));
    expect(page.text()).not.toContain("mine");
    expect(others.text()).not.toContain("for me alone");
  });

  it("close for who left the call or was removed from it, and open again for who comes back", async () => {
    const own = await scene(harness, staff, { observers: 1 });
    const [observer] = own.observers as [Person];
    await gather(harness, [own.host, observer]);
    using page = openNotes({
      port: () => harness.api.port,
      interviewId: own.at.interviewId,
      ticket: async () => (await ticketOf(observer)).ticket,
    });
    await until(() => page.provider.synced, Boolean);
    harness.sfu.room(own.at, [participant(own.host), participant(observer, { presence: "left" })]);
    await until(
      () => page.codes,
      (codes) => codes.includes(4415),
    );
    await gather(harness, [own.host, observer]);
    await until(() => page.provider.synced, Boolean);
    const from = performance.now();
    await own.host.browser.call(call.removePerson, paramsOf(own.host), { seatId: observer.seatId });
    await until(
      () => page.codes,
      (codes) => codes.includes(4412),
    );
    expect(performance.now() - from).toBeLessThan(2_000);
    expect((await observer.browser.try(takeNotesTicket, paramsOf(observer), { which: "shared" })).status).toBe(403);
  });

  it("close with the account that signs out", async () => {
    const browser = harness.browser();
    await browser.call(account.signIn, {}, { email: "grace@example.org", password: PASSWORD });
    const { ticket } = await browser.call(
      takeNotesTicketByAccount,
      { interviewId: at.interviewId },
      { which: "shared" },
    );
    const socket = rawNotes(harness.api.port, at.interviewId, ticket, 77);
    await once(socket, "open");
    const code = closed(socket);
    socket.send(Uint8Array.of(0, 0, 1, 0));
    await once(socket, "message");
    await browser.call(account.signOut);
    expect(await code).toBe(4401);
  });

  it("show who is there by their tickets, whatever a page says of itself or of others", async () => {
    const own = await fresh();
    using ada = own.page("Ada");
    using bob = own.page("Bob");
    await until(() => ada.provider.synced && bob.provider.synced, Boolean);
    ada.provider.awareness.setLocalState({ user: { name: "The chief", color: "red" }, cursor: null, extra: "x" });
    const seen = () => bob.provider.awareness.getStates().get(ada.doc.clientID);
    await until(seen, (state) => state !== undefined);
    expect(seen()).toEqual({ user: { name: "Ada", color: expect.stringMatching(/^#/), seatId: null }, cursor: null });
    // Whoever comes later is told who is there.
    using late = own.page("Eve");
    await until(
      () => late.provider.awareness.getStates().get(ada.doc.clientID)?.["user"]?.name,
      (name) => name === "Ada",
    );
    // Bob says that Ada has gone, and that he is somewhere that no page could look up.
    const gone = encoding.createEncoder();
    for (const part of [1, ada.doc.clientID, 1_000]) encoding.writeVarUint(gone, part);
    encoding.writeVarString(gone, "null");
    bob.provider.ws?.send(updateFrame(encoding.toUint8Array(gone), 1) as never);
    await saved(bob, bob.type("x"));
    await saved(ada, ada.type("still here"));
    expect(late.provider.awareness.getStates().get(ada.doc.clientID)?.["user"]?.name).toBe("Ada");
    bob.provider.awareness.setLocalState({ cursor: { anchor: { tname: "meta" }, head: { tname: "meta" } } });
    await until(
      () => bob.codes,
      (codes) => codes.includes(4400),
    );
    ada[Symbol.dispose]();
    await until(
      () => late.provider.awareness.getStates().has(ada.doc.clientID),
      (here) => !here,
    );
  });
});

describe("who breaks a rule of the notes loses their socket, writes nothing, and nobody else notices", () => {
  it("by withheld, foreign, oversized, malformed or misplaced updates", async () => {
    const own = await fresh();
    using healthy = own.page("Ada");
    await saved(healthy, healthy.type("healthy"));
    const before = await own.rows();
    const author = new Y.Doc();
    const updates: Uint8Array[] = [];
    author.on("update", (update: Uint8Array) => updates.push(update));
    for (let n = 0; n < 3; n++) paragraphBy(author, `part ${n}`);
    const forged = new Y.Doc();
    forged.clientID = healthy.doc.clientID;
    Y.applyUpdate(forged, Y.encodeStateAsUpdate(healthy.doc));
    const inHerName = new Y.Doc();
    Y.applyUpdate(inHerName, Y.encodeStateAsUpdate(forged));
    inHerName.clientID = healthy.doc.clientID;
    const held = Y.encodeStateVector(inHerName);
    paragraphBy(inHerName, "never said");
    const roots = new Y.Doc();
    roots.getMap("other").set("a", 1);
    const misplaced = new Y.Doc();
    misplaced.getXmlFragment(NOTES_ROOT).insert(0, [new Y.XmlText("x")]);
    const attacks: [string, Uint8Array, number][] = [
      ["withheld", updateFrame(updates[1]!), 4400],
      ["in another's name", updateFrame(Y.encodeStateAsUpdate(inHerName, held)), 4403],
      ["another root", updateFrame(Y.encodeStateAsUpdate(roots)), 4400],
      ["misplaced", updateFrame(Y.encodeStateAsUpdate(misplaced)), 4400],
      ["no update", updateFrame(Uint8Array.of(9, 9, 9)), 4400],
      ["another message", Uint8Array.of(9, 1), 4400],
      ["trailing bytes", Uint8Array.of(...updateFrame(updates[0]!), 0), 4400],
      ["too large", new Uint8Array(notesLimits.frameBytes + 1), 4413],
      ["the whole document twice", Uint8Array.of(0, 0, 1, 0), 4400],
    ];
    for (const [name, frame, code] of attacks) {
      const socket = await own.raw(author.clientID);
      socket.send(frame);
      if (name === "the whole document twice") socket.send(frame);
      expect(await closed(socket), name).toBe(code);
    }
    // Padded numbers are decoded as the library does: an update by the rules is one, spelled anew.
    const padded = await own.raw(author.clientID);
    padded.send(updateFrame(updates[1]!, 0x80, 0, 0x82, 0));
    expect(await closed(padded)).toBe(4400);
    expect(await own.rows()).toBe(before);
    await saved(healthy, healthy.type(" and well"));
    expect(healthy.codes).toEqual([]);
    expect(healthy.text()).toContain("healthy and well");
    expect(healthy.text()).not.toContain("never said");
  });

  it("by another person's client, in the address too", async () => {
    const own = await fresh();
    using ada = own.page("Ada");
    await saved(ada, ada.type("mine"));
    const socket = await own.raw(ada.doc.clientID);
    socket.send(Uint8Array.of(0, 0, 1, 0));
    expect(await closed(socket)).toBe(4403);
    expect(ada.codes).toEqual([]);
  });

  it("by too many frames", async () => {
    const own = await fresh();
    const socket = await own.raw(5);
    for (let n = 0; n <= notesLimits.burst; n++) socket.send(Uint8Array.of(3));
    expect(await closed(socket)).toBe(4429);
  });

  it("by mutated frames, hundreds of them", async () => {
    const own = await fresh();
    using healthy = own.page("Ada");
    await saved(healthy, healthy.type("healthy"));
    const author = new Y.Doc();
    const good = updateFrame(paragraphBy(author, "hello there"));
    const mutations = fc.sample(
      fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      300,
    );
    for (const changes of mutations) {
      const frame = Uint8Array.from(good);
      for (const [where, value] of changes) frame[where] = value;
      const socket = await own.raw(author.clientID);
      socket.send(frame);
      socket.close();
      await closed(socket);
    }
    await saved(healthy, healthy.type(" and well"));
    expect(healthy.codes).toEqual([]);
    using late = own.page("Eve");
    await until(late.text, (text) => text.includes("healthy and well"));
  });

  it("by more than a document holds; what is there can still be deleted", async () => {
    const own = await fresh();
    const database = openDatabase({ url: harness.url, log, max: 1 });
    await using _ = database;
    const big = new Y.Doc();
    paragraphBy(big, "x".repeat(notesLimits.documentBytes - 1_000));
    const document = `notes/${own.at.interviewId}`;
    await createUpdateLog(database).append({ ...own.at, document }, Y.encodeStateAsUpdate(big));
    using page = own.page("Ada");
    await until(
      () => page.fragment.length,
      (length) => length === 1,
    );
    page.type("y".repeat(2_000));
    await until(
      () => page.codes,
      (codes) => codes.includes(4413),
    );
    using next = own.page("Bob");
    await until(
      () => next.fragment.length,
      (length) => length === 1,
    );
    next.fragment.delete(0, 1);
    await saved(next, next.type("room again"));
  });
});

describe("what was written", () => {
  it("while a page was being connected again, on words that an earlier socket lost, is stored with them", async () => {
    const own = await fresh();
    using reader = own.page("Ada");
    await until(() => reader.provider.synced, Boolean);
    const author = new Y.Doc();
    const updates: Uint8Array[] = [];
    author.on("update", (update: Uint8Array) => updates.push(update));
    for (const words of ["lost", "typed meanwhile"]) paragraphBy(author, words);
    const socket = await own.raw(author.clientID);
    const code = closed(socket);
    const asked = Promise.withResolvers<void>();
    const stored = Promise.withResolvers<number>();
    socket.on("message", (data: Buffer) => {
      if (data[0] === 0 && data[1] === 0) asked.resolve();
      if (data[0] === 4) stored.resolve(data[1] ?? 0);
    });
    // In the order of the stock client: it sends every letter as soon as a socket is open.
    socket.send(Uint8Array.of(0, 0, 1, 0));
    socket.send(updateFrame(updates[1]!));
    socket.send(Uint8Array.of(4, 1));
    await asked.promise;
    socket.send(updateFrame(Y.encodeStateAsUpdate(author), 0, 1));
    socket.send(Uint8Array.of(4, 2));
    // Nothing is called stored that is not: the first mark has no answer.
    expect(await Promise.race([stored.promise, code])).toBe(2);
    await until(reader.text, (text) => text.includes("lost") && text.includes("typed meanwhile"));
    // Who has answered withholds nothing any more.
    for (const words of ["kept back", "sent"]) paragraphBy(author, words);
    socket.send(updateFrame(updates[3]!));
    expect(await code).toBe(4400);
    expect(reader.text()).not.toContain("sent");
  });

  it("is folded when it lies in many rows, and says the same", async () => {
    const own = await fresh();
    await using database = openDatabase({ url: harness.url, log, max: 1 });
    const stored = createUpdateLog(database);
    const named = { ...own.at, document: `notes/${own.at.interviewId}` };
    const author = new Y.Doc();
    const updates: Uint8Array[] = [];
    author.on("update", (update: Uint8Array) => updates.push(update));
    for (let n = 0; n < 1_100; n++) paragraphBy(author, `${n}`);
    for (const update of updates) await stored.append(named, update);
    using page = own.page("Ada");
    await until(
      () => page.fragment.length,
      (length) => length === 1_100,
    );
    expect(await own.rows()).toBe(1);
    expect(page.text()).toBe(author.getXmlFragment(NOTES_ROOT).toJSON());
  });

  it("invariant: whatever three people type and delete, with and without network, all come to the same", async () => {
    const edit = fc.record({
      who: fc.nat(2),
      what: fc.oneof(
        { weight: 4, arbitrary: fc.record({ type: fc.string({ minLength: 1, maxLength: 8 }), at: fc.nat(40) }) },
        { weight: 2, arbitrary: fc.record({ remove: fc.nat(40) }) },
        { weight: 1, arbitrary: fc.constant({ network: true } as const) },
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 5, maxLength: 40 }), async (edits) => {
        const own = await fresh();
        const pages = ["Ada", "Bob", "Eve"].map((name) => own.page(name));
        try {
          await until(() => pages.every(({ provider }) => provider.synced), Boolean);
          for (const { who, what } of edits) {
            const { fragment, provider } = pages[who]!;
            if ("network" in what) provider.ws?.close();
            else if ("remove" in what) {
              if (fragment.length > 0) fragment.delete(what.remove % fragment.length, 1);
            } else {
              const element = new Y.XmlElement("paragraph");
              element.insert(0, [new Y.XmlText(what.type)]);
              fragment.insert(what.at % (fragment.length + 1), [element]);
            }
          }
          for (const page of pages) await saved(page, page.type("."));
          const [first, ...others] = pages;
          for (const other of others) await until(other.text, (text) => text === first!.text());
        } finally {
          for (const page of pages) page[Symbol.dispose]();
        }
      }),
      { numRuns: 12 },
    );
  });
});
