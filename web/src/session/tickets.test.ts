import { describe, expect, it } from "vitest";
import { ticketsAhead } from "./tickets.ts";

function made(answer: (n: number) => Promise<{ ticket: string; url: string }>) {
  let [asked, nowMs] = [0, 1_000];
  const tickets = ticketsAhead(
    () => answer(++asked),
    () => nowMs,
  );
  return { tickets, asked: () => asked, pass: (ms: number) => (nowMs += ms) };
}
const good = (n: number) => Promise.resolve({ ticket: `ticket ${n}`, url: "wss://host" });
const taken = async ({ tickets }: ReturnType<typeof made>) => (await tickets.take()).ticket;

describe("a ticket that was fetched ahead", () => {
  it("is used once; the next one is a new one", async () => {
    const one = made(good);
    void one.tickets.prepare();
    expect(await taken(one)).toBe("ticket 1");
    expect(await taken(one)).toBe("ticket 2");
  });

  it("is fetched once while it is good, and again when it is old", async () => {
    const one = made(good);
    void one.tickets.prepare();
    one.pass(19_000);
    void one.tickets.prepare();
    expect(one.asked()).toBe(1);
    one.pass(1_000);
    void one.tickets.prepare();
    expect(await taken(one)).toBe("ticket 2");
  });

  it("is not used when it is old", async () => {
    const one = made(good);
    void one.tickets.prepare();
    one.pass(20_000);
    expect(await taken(one)).toBe("ticket 2");
  });

  it("that could not be had is fetched anew, and a refusal then is told", async () => {
    const one = made((n) => (n === 1 ? Promise.reject(new Error("away")) : good(n)));
    void one.tickets.prepare();
    expect(await taken(one)).toBe("ticket 2");
    const refused = made(() => Promise.reject(new Error("full")));
    void refused.tickets.prepare();
    await expect(refused.tickets.take()).rejects.toThrow("full");
  });
});
