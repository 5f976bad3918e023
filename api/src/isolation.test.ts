import pg from "pg";
import { beforeAll, describe, expect, it } from "vitest";
import * as call from "@verbatim/shared/api/call";
import { createInterview, getReview, listInterviews } from "@verbatim/shared/api/interviews";
import type { TenantId } from "@verbatim/shared/ids";
import { openDatabase } from "./database/database.ts";
import { contracts } from "./start-api.ts";
import type { Browser } from "../test/browser.ts";
import { log, secondTenant, useHarness } from "../test/harness.ts";
import { draft, paramsOf, scene } from "../test/scene.ts";
import { until } from "../test/until.ts";
import { fakeRun, seconds } from "../test/recorder.ts";

const { harness, staff } = await useHarness();
let stranger: Browser;
let made: Awaited<ReturnType<typeof scene>> & { recordingId: string };
beforeAll(async () => {
  stranger = await secondTenant(harness);
  const scened = await scene(harness, staff);
  await scened.host.browser.call(call.control, paramsOf(scened.host), { action: "start", epoch: 0 });
  const told = await until(
    () => harness.sfu.calls.get(scened.at.interviewId)?.recording,
    (row) => Boolean(row?.clock),
  );
  const run = fakeRun(harness, scened.at, told!.recordingId, told!.clock!, scened.candidate.seatId, "candidate");
  await harness.events.send(run.alive({ durableSamples: seconds(2) }));
  await harness.events.send(run.chunk(0, 0, seconds(2)).event);
  await harness.events.send(run.words(100, "secret", "words"));
  made = { ...scened, recordingId: told!.recordingId };
});

const highlight = {
  do: "annotate",
  annotation: crypto.randomUUID(),
  spans: [{ segmentId: "x:1", from: 0, to: 1 }],
  tags: [],
  evidence: [],
};
/** A body that the endpoint would accept from its own people. */
const bodies: Readonly<Record<string, unknown>> = {
  "/v1/interviews/:interviewId": draft,
  "/v1/interviews/:interviewId/join": { role: "interviewer" },
  "/v1/call/:interviewId/:role/name": { name: "Mallory" },
  "/v1/call/:interviewId/:role/consent": { version: "x", accepted: true },
  "/v1/call/:interviewId/:role/ticket": { for: "call" },
  "/v1/call/:interviewId/:role/control": { action: "take_over", epoch: 1 },
  "/v1/call/:interviewId/:role/hand-over": { seatId: "7b5c1d3e-1111-4111-8111-111111111111", epoch: 1 },
  "/v1/call/:interviewId/:role/acknowledge": { epoch: 1, safeMs: 0 },
  "/v1/call/:interviewId/:role/captions": { on: true },
  "/v1/call/:interviewId/:role/remove": { seatId: "7b5c1d3e-1111-4111-8111-111111111111" },
  "/v1/call/:interviewId/:role/several": { seatId: "7b5c1d3e-1111-4111-8111-111111111111", on: true },
  "/v1/call/:interviewId/:role/offers": { seatId: "7b5c1d3e-1111-4111-8111-111111111111" },
  "/v1/call/:interviewId/:role/offers/withdraw": { offerId: "7b5c1d3e-1111-4111-8111-111111111111" },
  "/v1/call/:interviewId/:role/offers/answer": { offerId: "7b5c1d3e-1111-4111-8111-111111111111", accepted: true },
  "/v1/call/:interviewId/:role/plan/tick": { question: 0, asked: true },
  "/v1/call/:interviewId/:role/suggestions/mark": { suggestionId: "x", state: "pinned" },
  "/v1/call/:interviewId/:role/marks": { id: crypto.randomUUID(), act: highlight },
  "/v1/interviews/:interviewId/marks": { id: crypto.randomUUID(), act: highlight },
  "/v1/call/:interviewId/:role/replay": { part: 1, atMs: 0 },
  "/v1/interviews/:interviewId/replay": { part: 1, atMs: 0 },
  "/v1/call/:interviewId/:role/notes/ticket": { which: "shared" },
  "/v1/interviews/:interviewId/notes/ticket": { which: "shared" },
  "/v1/call/:interviewId/:role/chat": { id: "7b5c1d3e-1111-4111-8111-111111111111", text: "hello" },
};
const about = contracts.filter(({ path }) => path.includes(":interviewId"));

describe("another organisation's people", () => {
  it.each(about.map((contract) => [`${contract.method} ${contract.path}`, contract] as const))(
    "cannot do anything with our interview by %s",
    async (_, contract) => {
      for (const role of ["interviewer", "co-interviewer", "candidate", "observer"]) {
        const params = { interviewId: made.at.interviewId, role, seq: "0" };
        const answer = await stranger.try(contract, params, bodies[contract.path] ?? {});
        // By account it does not exist; a seat they never had is a missing cookie, whatever the interview.
        expect([401, 404]).toContain(answer.status);
        const unknown = await stranger.try(
          contract,
          { ...params, interviewId: crypto.randomUUID() },
          bodies[contract.path] ?? {},
        );
        const said = ({ status, body }: typeof answer) => [status, (body as { message: string }).message];
        expect(said(answer)).toEqual(said(unknown));
      }
    },
  );

  it("see none of our interviews, nor a transcript, nor another's cookie at work", async () => {
    const { interviews } = await stranger.call(listInterviews);
    expect(interviews).toEqual([]);
    for (const format of ["md", "csv", "json"]) {
      const path = `/v1/interviews/${made.at.interviewId}/marks.${format}`;
      expect((await stranger.raw(path)).status).toBe(404);
      expect((await staff.raw(path)).status).toBe(200);
      expect((await staff.raw(`${path}?tags=risk`)).status, "no such filter").toBe(400);
    }
    for (const file of ["transcript.txt", "transcript.vtt", "transcript.json", "pictures.json"]) {
      const path = `/v1/interviews/${made.at.interviewId}/recordings/${made.recordingId}/${file}`;
      expect((await stranger.raw(path)).status).toBe(404);
      expect((await staff.raw(path)).status).toBe(200);
    }
    for (const file of ["master", `tracks/${made.candidate.seatId}`]) {
      const path = `/v1/interviews/${made.at.interviewId}/recordings/${made.recordingId}/${file}`;
      const says = async (browser: Browser) =>
        ((await (await browser.raw(path)).json()) as { message: string }).message;
      expect(await says(stranger)).toBe("There is no such interview.");
      expect(await says(staff)).toBe("This file has not been made yet.");
    }
    // Our own seat's secret under their tenant's name is nothing.
    const [name, value] = [...staff.cookies].find(([key]) => key.startsWith("vb_interviewer"))!;
    const theirs = await harness.sql("select id from verbatim.tenant where name = 'Other'");
    const browser = harness.browser();
    browser.cookies.set(name, `${String(theirs[0]!["id"])}.${value.split(".")[1]}`);
    expect((await browser.try(call.getEntry, paramsOf(made.host), {})).status).toBe(401);
  });

  it("cannot use a right to one interview in another", async () => {
    const other = await staff.call(createInterview, {}, draft);
    const cookie = made.candidate.browser.cookies.get(`vb_candidate_${made.at.interviewId}`)!;
    const browser = harness.browser();
    browser.cookies.set(`vb_candidate_${other.id}`, cookie);
    browser.cookies.set(`vb_interviewer_${made.at.interviewId}`, cookie);
    expect((await browser.try(call.getEntry, { interviewId: other.id, role: "candidate" }, {})).status).toBe(401);
    expect(
      (await browser.try(call.getEntry, { interviewId: made.at.interviewId, role: "interviewer" }, {})).status,
    ).toBe(401);
  });
});

describe("row security", () => {
  it("covers every table with a tenant, and forces its owner too", async () => {
    const rows = await harness.sql(
      `select c.relname, c.relrowsecurity and c.relforcerowsecurity as secured
       from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
       where c.relnamespace = 'verbatim'::regnamespace and c.relkind = 'r' and c.relname <> 'setup_done'`,
    );
    expect(rows.length).toBeGreaterThan(15);
    expect(rows.filter(({ secured }) => secured !== true)).toEqual([]);
  });

  it("shows the services' role nothing without a tenant, and one tenant's rows with it", async () => {
    const client = new pg.Client({ connectionString: harness.url });
    await client.connect();
    try {
      await client.query("set role verbatim_app; set search_path = verbatim");
      const tables = (
        await client.query(
          "select tablename from pg_tables where schemaname = 'verbatim' and tablename not in ('tenant', 'setup_done', 'listening')",
        )
      ).rows;
      for (const { tablename } of tables) {
        expect((await client.query(`select count(*)::int as n from ${tablename}`)).rows).toEqual([{ n: 0 }]);
      }
      await expect(client.query("create table mine ()")).rejects.toThrow("permission denied");
      await expect(client.query("alter table interview disable row level security")).rejects.toThrow("must be owner");
      await expect(client.query("update consent set accepted = true")).rejects.toThrow("permission denied");
      await expect(client.query("delete from audit")).rejects.toThrow("permission denied");
      await expect(client.query(`select * from auth."user"`)).rejects.toThrow("permission denied");
    } finally {
      await client.end();
    }
  });

  it("refuses a row of another tenant, and forgets the tenant with the transaction", async () => {
    await using database = openDatabase({ url: harness.url, log, max: 1 });
    const tenants = await harness.sql("select id, name from verbatim.tenant order by name");
    const [ours, theirs] = tenants.map(({ id }) => id as TenantId);
    const insert = database.tenant(theirs!, (trx) =>
      trx.insertInto("audit").values({ tenant_id: ours!, interview_id: null, actor: "x", action: "y" }).execute(),
    );
    await expect(insert).rejects.toThrow("row-level security");
    await database.tenant(ours!, async (trx) =>
      expect(await trx.selectFrom("interview").select("id").execute()).not.toEqual([]),
    );
    await database.tenant(theirs!, async (trx) =>
      expect(await trx.selectFrom("interview").select("id").execute()).toEqual([]),
    );
    await database.system(async (trx) =>
      expect(
        await (
          trx as never as { selectFrom: (table: string) => { selectAll: () => { execute: () => Promise<unknown[]> } } }
        )
          .selectFrom("interview")
          .selectAll()
          .execute(),
      ).toEqual([]),
    );
  });
});

it("shows its own people what the store holds while the recording runs", async () => {
  const { recordings } = await staff.call(getReview, { interviewId: made.at.interviewId });
  expect(recordings[0]).toMatchObject({
    state: "recording",
    masterUrl: null,
    chunks: [{ seq: 0, startMs: 0, endMs: 2000 }],
  });
});
