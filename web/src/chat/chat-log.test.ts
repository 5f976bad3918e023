import type { ChatMessage } from "@verbatim/shared/api/chat";
import { SeatId } from "@verbatim/shared/ids";
import { describe, expect, it, vi } from "vitest";
import { CallFailed } from "../api/failure.ts";
import { type ChatLog, createChatLog } from "./chat-log.ts";

const seatId = SeatId.parse("0b9bd7a4-44a3-4b3a-9c3c-3f5c5a3a1a11");
const written = (seq: number, id = `id-${seq}`): ChatMessage => ({
  id,
  seq,
  seatId,
  role: "candidate",
  name: "Ada",
  text: `message ${seq}`,
  atMs: seq,
});
const away = () => new CallFailed({ kind: "unreachable" });
const refused = () =>
  new CallFailed({ kind: "answered", code: "interview.over", message: "It is over.", requestId: "r" });

/** A server that keeps messages by id, and fails as often as it is told. */
function server(failures: { read?: Error[]; send?: Error[] } = {}) {
  const kept: ChatMessage[] = [];
  let id = 0;
  const log: ChatLog = createChatLog({
    read: (after) => {
      const failure = failures.read?.shift();
      return failure ? Promise.reject(failure) : Promise.resolve(kept.filter(({ seq }) => seq > after));
    },
    send: (message) => {
      const known = kept.find((each) => each.id === message.id);
      const stored = known ?? { ...written(kept.length + 1, message.id), text: message.text };
      if (!known) kept.push(stored);
      // The answer is lost, the message is not.
      const failure = failures.send?.shift();
      return failure ? Promise.reject(failure) : Promise.resolve(stored);
    },
    newId: () => `own-${++id}`,
    wait: () => Promise.resolve(),
  });
  return { kept, log, shown: () => log.get().messages.map(({ text }) => text) };
}

describe("the chat of a page", () => {
  it("reads what the room counts, in order, also after the network was away", async () => {
    const { kept, log, shown } = server({ read: [away(), away()] });
    kept.push(written(1), written(2));
    log.catchUp(2);
    await vi.waitFor(() => expect(shown()).toEqual(["message 1", "message 2"]));
    kept.push(written(3));
    log.catchUp(3);
    log.catchUp(3);
    await vi.waitFor(() => expect(shown()).toEqual(["message 1", "message 2", "message 3"]));
  });

  it("sends again under the same id when an answer is lost, so that one message stays one", async () => {
    const { kept, log, shown } = server({ send: [away(), away()] });
    log.say("can you hear me");
    expect(log.get().unsent).toMatchObject([{ text: "can you hear me", failed: false }]);
    await vi.waitFor(() => expect(shown()).toEqual(["can you hear me"]));
    expect(kept).toHaveLength(1);
    expect(log.get().unsent).toEqual([]);
  });

  it("keeps what the server refused, and sends it again by a press", async () => {
    const { log, shown } = server({ send: [refused()] });
    log.say("one more thing");
    await vi.waitFor(() => expect(log.get().unsent).toMatchObject([{ failed: true }]));
    log.again(log.get().unsent[0]?.id ?? "");
    await vi.waitFor(() => expect(shown()).toEqual(["one more thing"]));
  });

  it("gives up after its tries, and says so", async () => {
    const { log } = server({ send: Array.from({ length: 20 }, away) });
    log.say("nobody there");
    await vi.waitFor(() => expect(log.get().unsent).toMatchObject([{ failed: true }]));
  });
});
