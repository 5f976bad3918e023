import { once } from "node:events";
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import * as Y from "yjs";
import { NOTES_ROOT } from "@verbatim/shared/document/notes";
import { arrayLog, at, observeLive, seat, serveLiveFrom, serveNotesFrom } from "../../test/live-stage.ts";

/** Only what documents are let go by; sockets and storing have their own time. */
beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "Date"] }));
afterEach(() => void vi.useRealTimers());
const pass = (seconds: number) => vi.advanceTimersByTime(seconds * 1_000);

/** How often a document was read from the database tells how often it had left memory. */
function countedLog() {
  const kept = arrayLog();
  const load = vi.fn(kept.load);
  const append = vi.fn(kept.append);
  return { kept, load, append, updates: { ...kept, load, append } };
}

const STEP_1 = Uint8Array.of(0, 0, 1, 0);

/** Asks for the document and answers with it as it came, and with how to leave. */
async function read(stage: { readonly url: string; readonly sockets: () => readonly WebSocket[] }) {
  const socket = new WebSocket(stage.url);
  await once(socket, "open");
  const doc = new Y.Doc();
  const came = Promise.withResolvers<void>();
  socket.on("message", (data: Buffer) => {
    const decoder = decoding.createDecoder(data);
    if (decoding.readVarUint(decoder) !== 0 || decoding.readVarUint(decoder) === 0) return;
    Y.applyUpdate(doc, decoding.readVarUint8Array(decoder));
    came.resolve();
  });
  socket.send(STEP_1);
  return {
    doc,
    socket,
    came: came.promise,
    async leave() {
      const others = stage.sockets().length - 1;
      socket.close();
      await expect.poll(() => stage.sockets().length).toBe(others);
    },
  };
}

describe("a live document", () => {
  const said = (doc: Y.Doc) => doc.getArray("transcript").length;

  it("lets go of words that nobody has told again for half a minute, and keeps what is repeated", async () => {
    await using stage = await serveLiveFrom(countedLog().updates);
    await using reader = observeLive(stage.url);
    await expect.poll(() => reader.provider.synced).toBe(true);
    stage.documents.tell(at, seat, { startMs: 5, text: "half a sent" });
    stage.documents.tell(at, "recording", { lamp: "safe" });
    await expect.poll(() => reader.now.size).toBe(2);
    pass(25);
    stage.documents.tell(at, "recording", { lamp: "safe" });
    pass(15);
    await expect.poll(() => [...reader.now.keys()]).toEqual(["recording"]);
  });

  it("leaves memory a minute after its last reader, and is there as it was for the next one", async () => {
    const { load, updates } = countedLog();
    await using stage = await serveLiveFrom(updates);
    await stage.documents.write(at, (live) => live.appendSegment("a", seat as never, "hello", []));
    const [one, two] = [await read(stage), await read(stage)];
    await Promise.all([one.came, two.came]);
    await one.leave();
    pass(600);
    await two.leave();
    pass(55);
    const soon = await read(stage);
    await soon.came;
    await soon.leave();
    expect(load).toHaveBeenCalledTimes(1);
    pass(70);
    const later = await read(stage);
    await later.came;
    expect(load).toHaveBeenCalledTimes(2);
    expect(said(later.doc)).toBe(1);
    await stage.documents.write(at, (live) => live.appendSegment("b", seat as never, "again", []));
    await expect.poll(() => said(later.doc)).toBe(2);
  });

  it("stays while something of it waits for the database, and whoever comes meanwhile reads that", async () => {
    const { kept, load, updates } = countedLog();
    await using stage = await serveLiveFrom(updates);
    await stage.documents.write(at, (live) => live.appendSegment("a", seat as never, "hello", []));
    const gate = Promise.withResolvers<void>();
    kept.gate = gate.promise;
    const written = stage.documents.write(at, (live) => live.appendSegment("b", seat as never, "again", []));
    pass(600);
    const meanwhile = await read(stage);
    gate.resolve();
    await Promise.all([written, meanwhile.came]);
    expect(said(meanwhile.doc)).toBe(2);
    expect(load).toHaveBeenCalledTimes(1);
    await meanwhile.leave();
    pass(70);
    const later = await read(stage);
    await later.came;
    expect(load).toHaveBeenCalledTimes(2);
    expect(said(later.doc)).toBe(2);
  });
});

describe("a document of notes", () => {
  const text = (doc: Y.Doc) => doc.getXmlFragment(NOTES_ROOT).toJSON();
  const write = (socket: WebSocket, words: string): void => {
    const doc = new Y.Doc();
    const line = new Y.XmlElement("paragraph");
    line.insert(0, [new Y.XmlText(words)]);
    doc.getXmlFragment(NOTES_ROOT).push([line]);
    socket.send(
      encoding.encode((encoder) => {
        encoding.writeVarUint(encoder, 0);
        encoding.writeVarUint(encoder, 2);
        encoding.writeVarUint8Array(encoder, Y.encodeStateAsUpdate(doc));
      }),
    );
  };

  it("leaves memory a minute after its last writer, with every word stored", async () => {
    const { kept, load, updates } = countedLog();
    await using stage = await serveNotesFrom(updates);
    const one = await read(stage);
    await one.came;
    write(one.socket, "written");
    await expect.poll(() => kept.updates.length).toBe(1);
    pass(600);
    expect(stage.sockets()).toHaveLength(1);
    await one.leave();
    pass(55);
    const soon = await read(stage);
    await soon.came;
    await soon.leave();
    expect(load).toHaveBeenCalledTimes(1);
    pass(70);
    const later = await read(stage);
    await later.came;
    expect(load).toHaveBeenCalledTimes(2);
    expect(text(later.doc)).toBe("<paragraph>written</paragraph>");
  });

  it("stays while its last writer's words wait for the database, and is let go with them stored", async () => {
    const { kept, load, append, updates } = countedLog();
    await using stage = await serveNotesFrom(updates);
    const one = await read(stage);
    await one.came;
    const gate = Promise.withResolvers<void>();
    kept.gate = gate.promise;
    write(one.socket, "written");
    await expect.poll(() => append.mock.calls.length).toBe(1);
    await one.leave();
    pass(600);
    const meanwhile = await read(stage);
    gate.resolve();
    await meanwhile.came;
    expect(load).toHaveBeenCalledTimes(1);
    expect(text(meanwhile.doc)).toBe("<paragraph>written</paragraph>");
  });
});
