import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { endCall } from "@verbatim/shared/api/call";
import { type ChatMessage, chatLimits, readMessages, sendMessage } from "@verbatim/shared/api/chat";
import { getReview } from "@verbatim/shared/api/interviews";
import { useHarness } from "../../test/harness.ts";
import { comeIn, paramsOf, participant, type Person, scene } from "../../test/scene.ts";
import { until } from "../../test/until.ts";

const { harness, staff } = await useHarness();

const say = (person: Person, text: string, id: string = randomUUID()): Promise<ChatMessage> =>
  person.browser.call(sendMessage, paramsOf(person), { id, text });
const trySay = (person: Person, text: string, id: string = randomUUID()) =>
  person.browser.try(sendMessage, paramsOf(person), { id, text });
const read = async (person: Person, after = 0): Promise<ChatMessage[]> =>
  (await person.browser.call(readMessages, { ...paramsOf(person), seq: String(after) })).messages;
const everybody = async () => {
  const made = await scene(harness, staff, { observers: 1 });
  const people = [made.host, made.candidate, ...made.observers];
  harness.sfu.room(
    made.at,
    people.map((person) => participant(person)),
  );
  return made;
};

describe("a message", () => {
  it("is read by everybody in the call, the candidate too, with the names that the server knows", async () => {
    const { host, candidate, observers, at } = await everybody();
    const asked = await say(host, "  Can you hear me?\n");
    await say(candidate, "No, but I can read");
    expect(asked).toMatchObject({ seq: 1, text: "Can you hear me?", name: "Grace Hopper", role: "interviewer" });
    for (const person of [host, candidate, observers[0]!]) {
      expect((await read(person)).map(({ seq, name, text }) => [seq, name, text])).toEqual([
        [1, "Grace Hopper", "Can you hear me?"],
        [2, "Ada Lovelace", "No, but I can read"],
      ]);
    }
    expect((await read(observers[0]!, 1)).map(({ seq }) => seq)).toEqual([2]);
    await until(
      () => harness.sfu.calls.get(at.interviewId)?.chat,
      (count) => count === 2,
    );
  });

  it("is stored once, however often it is sent, and by one person alone", async () => {
    const { host, candidate } = await everybody();
    const id = randomUUID();
    const answers = await Promise.all(Array.from({ length: 8 }, () => say(host, "once", id)));
    expect(new Set(answers.map(({ seq }) => seq))).toEqual(new Set([1]));
    expect(await read(candidate)).toHaveLength(1);
    expect(await trySay(candidate, "once", id)).toMatchObject({ status: 409 });
  });

  it("gets a number of its own when many write at once", async () => {
    const { host, candidate, observers } = await everybody();
    const people = [host, candidate, observers[0]!];
    await Promise.all(Array.from({ length: 12 }, (_, n) => say(people[n % 3]!, `message ${n}`)));
    expect((await read(host)).map(({ seq }) => seq)).toEqual(Array.from({ length: 12 }, (_, n) => n + 1));
  });

  it("has limits: its length, how fast one writes, how many an interview holds", async () => {
    const { host, candidate, at } = await everybody();
    for (const text of ["", "   ", "x".repeat(chatLimits.letters + 1)]) {
      expect(await trySay(host, text)).toMatchObject({ status: 400, body: { code: "input.invalid" } });
    }
    expect((await trySay(host, "x".repeat(chatLimits.letters))).status).toBe(200);
    const answers = await Promise.all(Array.from({ length: 70 }, (_, n) => trySay(host, `${n}`)));
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
    await harness.sql("update verbatim.interview set chat_seq = $2 where id = $1", [
      at.interviewId,
      chatLimits.messages,
    ]);
    expect(await trySay(candidate, "one more")).toMatchObject({ status: 409, body: { code: "state.conflict" } });
  });

  it("is on the review page with who wrote it and when", async () => {
    const { host, candidate, at } = await everybody();
    await say(host, "Please write your answer");
    await say(candidate, "Because of the index");
    const { chat } = await staff.call(getReview, { interviewId: at.interviewId });
    expect(chat).toMatchObject([
      { name: "Grace Hopper", text: "Please write your answer" },
      { name: "Ada Lovelace", role: "candidate", text: "Because of the index" },
    ]);
  });
});

describe("whoever is not in the call", () => {
  it("neither reads nor writes: at the door, after leaving, or unseen", async () => {
    const { host, candidate, at, interview } = await everybody();
    await say(host, "among us");
    const unseen = await comeIn(harness, interview, "observer", "Unseen");
    harness.sfu.room(at, [participant(host), participant(candidate, { presence: "knocking" })]);
    await until(
      async () =>
        (await harness.sql("select participants from verbatim.interview where id = $1", [at.interviewId]))[0]![
          "participants"
        ],
      (list) => (list as unknown[]).length === 2,
    );
    for (const person of [candidate, unseen]) {
      expect(await trySay(person, "hello")).toMatchObject({ status: 409, body: { code: "call.absent" } });
      const answer = await person.browser.try(readMessages, { ...paramsOf(person), seq: "0" }, undefined);
      expect(answer).toMatchObject({ status: 409, body: { code: "call.absent" } });
    }
  });

  it("writes nothing more once the interview is over", async () => {
    const { host } = await everybody();
    await say(host, "goodbye");
    await host.browser.call(endCall, paramsOf(host));
    expect((await trySay(host, "one more thing")).status).toBe(410);
  });
});
