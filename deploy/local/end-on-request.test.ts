import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { ASK_MS, createEndDecision, type Recorded, recordedNow } from "./end-on-request.ts";
import { STOP_WITHIN_MS } from "./stack.ts";

const decision = (recorded: Recorded, now: () => number = () => 0) =>
  createEndDecision(() => Promise.resolve(recorded), now);
const named: Recorded = { by: "api", titles: ["Staff engineer, round 2"] };

describe("a Ctrl-C", () => {
  it.each<Recorded>([
    { by: "api", titles: [] },
    { by: "recorder", runs: 0 },
  ])("ends at once when nothing is being recorded: %j", async (recorded) => {
    expect(await decision(recorded)()).toEqual({ end: true });
  });

  it("names what is being recorded first, and ends at the second time within 10 s", async () => {
    let now = 0;
    const decide = decision(named, () => now);
    expect(await decide()).toEqual({ end: false, because: "Still recording: “Staff engineer, round 2”." });
    now = 10_000;
    expect(await decide()).toEqual({ end: true });
  });

  it("names it again when the second time comes later", async () => {
    let now = 0;
    const decide = decision(named, () => now);
    await decide();
    now = 10_001;
    expect(await decide()).toMatchObject({ end: false });
  });

  it.each<[Recorded, RegExp]>([
    [{ by: "recorder", runs: 1 }, /^Still recording an interview/],
    [{ by: "recorder", runs: 2 }, /^Still recording 2 interviews/],
    [{ by: "nobody" }, /^Neither api nor recorder/],
  ])("asks too while the api does not answer: %j", async (recorded, words) => {
    expect(await decision(recorded)()).toEqual({ end: false, because: expect.stringMatching(words) });
  });

  it("ends within 5 s, whatever does not answer and whoever does not end", () => {
    expect(ASK_MS + STOP_WITHIN_MS).toBeLessThan(5_000);
  });
});

describe("what is being recorded", () => {
  const servers: Server[] = [];
  afterEach(() => servers.splice(0).forEach((server) => server.close() && server.closeAllConnections()));

  /** A server that gives this answer, or never one. */
  async function answering(body: string | undefined): Promise<string> {
    const server = createServer((_, response) => void (body !== undefined && response.end(body)));
    servers.push(server);
    await once(server.listen(0, "127.0.0.1"), "listening");
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const nowhere = "http://127.0.0.1:9";
  const api = JSON.stringify({ interviews: [{ title: "Round 2" }] });
  const metrics = (runs: number) => `# TYPE capture_open_runs gauge\ncapture_open_runs ${runs}\ncapture_linked 1\n`;

  it("is what the api names, whatever the recorder counts", async () => {
    const at = { apiUrl: await answering(api), captureUrl: await answering(metrics(3)), allRan: true };
    expect(await recordedNow(at)).toEqual({ by: "api", titles: ["Round 2"] });
  });

  it.each([
    ["restarts", () => Promise.resolve(nowhere)],
    ["hangs", () => answering(undefined)],
    ["has no database", () => answering('{"code":"internal"}')],
  ])("is what the recorder counts while the api %s", async (_, apiUrl) => {
    const at = { apiUrl: await apiUrl(), captureUrl: await answering(metrics(1)), allRan: true };
    expect(await recordedNow(at)).toEqual({ by: "recorder", runs: 1 });
  });

  it("is not taken for nothing when neither answers", async () => {
    const at = { apiUrl: nowhere, captureUrl: await answering(undefined), allRan: true };
    expect(await recordedNow(at)).toEqual({ by: "nobody" });
  });

  it("while a start goes on is what was taken up again by then, and nothing while nobody has begun", async () => {
    const at = { apiUrl: nowhere, captureUrl: await answering(metrics(1)), allRan: false };
    expect(await recordedNow(at)).toEqual({ by: "recorder", runs: 1 });
    expect(await recordedNow({ ...at, captureUrl: nowhere })).toEqual({ by: "recorder", runs: 0 });
  });
});
