import { describe, expect, it } from "vitest";
import * as call from "@verbatim/shared/api/call";
import type { TenantId } from "@verbatim/shared/ids";
import { openDatabase } from "../database/database.ts";
import { log, useHarness } from "../../test/harness.ts";
import { paramsOf, participant, scene } from "../../test/scene.ts";
import { until } from "../../test/until.ts";
import { upkeep } from "./upkeep.ts";

const { harness, staff } = await useHarness();

const interviewOf = async (id: string) =>
  (await harness.sql("select speakers_gone_at from verbatim.interview where id = $1", [id]))[0]!;
const phaseOf = async (id: string) =>
  (await harness.sql("select phase from verbatim.recording where interview_id = $1", [id]))[0]!["phase"];
const listening = async () =>
  (await harness.sql("select extract(epoch from now() - since)::float8 as s, until from verbatim.listening"))[0];

/** A recording that runs, whose people and recorder were last heard of long ago by what the rows say. */
async function staleRecording() {
  const made = await scene(harness, staff);
  await made.host.browser.call(call.control, paramsOf(made.host), { action: "start", epoch: 0 });
  harness.sfu.room(made.at, [participant(made.host, { presence: "left" })]);
  await until(
    () => interviewOf(made.at.interviewId),
    (row) => row["speakers_gone_at"] !== null,
  );
  await harness.sql("update verbatim.interview set speakers_gone_at = now() - interval '1 hour' where id = $1", [
    made.at.interviewId,
  ]);
  return made;
}

async function lookAfter(tenantId: TenantId): Promise<void> {
  await using database = openDatabase({ url: harness.url, log });
  await upkeep({ database, log, closeAfterEmptyMs: 600_000, nowMs: Date.now }, tenantId);
}

describe("a recording whose candidate left for good", () => {
  /** The candidate's leave is this long ago by the rows, and somebody has listened all the time. */
  async function leftAgo(seconds: number) {
    const made = await scene(harness, staff);
    harness.sfu.room(made.at, [participant(made.host), participant(made.candidate)]);
    await made.host.browser.call(call.control, paramsOf(made.host), { action: "start", epoch: 0 });
    harness.sfu.room(made.at, [participant(made.host), participant(made.candidate, { presence: "left" })]);
    await until(
      () => goneAt(made.at.interviewId),
      (at) => at !== null,
    );
    await harness.sql(
      "update verbatim.interview set candidate_gone_at = now() - make_interval(secs => $2) where id = $1",
      [made.at.interviewId, seconds],
    );
    await until(listening, Boolean);
    await harness.sql("update verbatim.listening set since = now() - interval '1 hour'");
    return made;
  }
  const goneAt = async (id: string) =>
    (await harness.sql("select candidate_gone_at from verbatim.interview where id = $1", [id]))[0]![
      "candidate_gone_at"
    ];
  const pausesAt = (id: string) => harness.sfu.calls.get(id as never)?.view.pausesAtMs;

  it("pauses after 60 s, which everybody can read before", async () => {
    const { at } = await leftAgo(30);
    await until(() => pausesAt(at.interviewId), Boolean);
    await lookAfter(at.tenantId);
    expect(await phaseOf(at.interviewId)).toBe("recording");
    await harness.sql("update verbatim.interview set candidate_gone_at = now() - interval '61 seconds' where id = $1", [
      at.interviewId,
    ]);
    await lookAfter(at.tenantId);
    expect(await phaseOf(at.interviewId)).toBe("paused");
  });

  it("is told of as paused by itself, so that pages offer to resume it", async () => {
    const { at, host } = await leftAgo(61);
    const view = () => harness.sfu.calls.get(at.interviewId)?.view;
    await lookAfter(at.tenantId);
    await host.browser.call(call.keepRecording, paramsOf(host));
    await until(view, (shown) => shown?.lamp === "paused");
    expect(view()).toMatchObject({ pausedByName: "" });
    await host.browser.call(call.control, paramsOf(host), { action: "resume", epoch: 1 });
    await host.browser.call(call.control, paramsOf(host), { action: "pause", epoch: 1 });
    await until(view, (shown) => shown?.pausedByName !== "" && shown?.lamp === "paused");
    expect(view()?.pausedByName).toBe(view()?.controllerName);
  });

  it("goes on while the candidate's network is away, though everybody reads that they left: the seat is kept", async () => {
    const made = await scene(harness, staff);
    const people = (presence: "here" | "left") => [participant(made.host), participant(made.candidate, { presence })];
    const change = (presence: "here" | "away" | "left") => ({
      seatId: made.candidate.seatId,
      role: "candidate" as const,
      presence,
      atUs: harness.sfu.nowUs(),
    });
    const came = change("here");
    harness.sfu.room(made.at, people("here"), [came]);
    await made.host.browser.call(call.control, paramsOf(made.host), { action: "start", epoch: 0 });
    const away = change("away");
    harness.sfu.room(made.at, people("left"), [came, away]);
    const shown = async () =>
      (await harness.sql("select participants from verbatim.interview where id = $1", [made.at.interviewId]))[0]![
        "participants"
      ] as { presence: string }[];
    await until(shown, (now) => now.some(({ presence }) => presence === "left"));
    expect(await goneAt(made.at.interviewId)).toBeNull();
    expect((await interviewOf(made.at.interviewId))["speakers_gone_at"]).toBeNull();
    const observer = { ...participant(made.candidate), seatId: made.host.seatId, role: "observer" as const };
    harness.sfu.room(made.at, [...people("left").slice(1), observer], [came, away, change("left")]);
    await until(
      () => goneAt(made.at.interviewId),
      (at) => at !== null,
    );
    // Whoever listens is connected, and nothing ends by the clock while anybody is.
    expect((await interviewOf(made.at.interviewId))["speakers_gone_at"]).toBeNull();
  });

  it("goes on when staff keep it, or resume it, and a candidate's return begins anew", async () => {
    const { at, host, candidate } = await leftAgo(61);
    await host.browser.call(call.keepRecording, paramsOf(host));
    await lookAfter(at.tenantId);
    expect(await phaseOf(at.interviewId)).toBe("recording");
    await until(
      () => pausesAt(at.interviewId),
      (ms) => ms === undefined,
    );
    expect((await candidate.browser.try(call.keepRecording, paramsOf(candidate), undefined)).status).toBe(403);
    for (const presence of ["here", "left"] as const) {
      harness.sfu.room(at, [participant(host), participant(candidate, { presence })]);
      await until(
        () => goneAt(at.interviewId),
        (now) => (now !== null) === (presence === "left"),
      );
    }
    await harness.sql("update verbatim.interview set candidate_gone_at = now() - interval '61 seconds' where id = $1", [
      at.interviewId,
    ]);
    await lookAfter(at.tenantId);
    expect(await phaseOf(at.interviewId)).toBe("paused");
    await host.browser.call(call.control, paramsOf(host), { action: "resume", epoch: 1 });
    await lookAfter(at.tenantId);
    expect(await phaseOf(at.interviewId)).toBe("recording");
  });
});

describe("a recording that seems to be left alone", () => {
  it("runs on while nobody has listened for long enough, and is stopped once somebody has", async () => {
    const { at } = await staleRecording();
    await until(listening, Boolean);
    await harness.sql("update verbatim.listening set since = now()");
    await lookAfter(at.tenantId);
    expect(await phaseOf(at.interviewId)).toBe("recording");
    await harness.sql("update verbatim.listening set since = now() - interval '59 seconds'");
    await lookAfter(at.tenantId);
    expect(await phaseOf(at.interviewId)).toBe("recording");
    await harness.sql("update verbatim.listening set since = now() - interval '61 seconds'");
    await lookAfter(at.tenantId);
    expect(await phaseOf(at.interviewId)).toBe("stopped");
  });

  it("runs on after the media server was lost for a moment: who came back meanwhile is not known yet", async () => {
    const { at } = await staleRecording();
    await harness.sql("update verbatim.listening set since = now() - interval '1 hour'");
    harness.sfu.drop();
    await until(listening, (row) => (row?.["s"] as number) < 60);
    await lookAfter(at.tenantId);
    expect(await phaseOf(at.interviewId)).toBe("recording");
  });

  it("runs on while no api is there at all", async () => {
    const { at } = await staleRecording();
    await harness.api[Symbol.asyncDispose]();
    await harness.sql(
      "update verbatim.listening set since = now() - interval '1 hour', until = now() - interval '6 seconds'",
    );
    await lookAfter(at.tenantId);
    expect(await phaseOf(at.interviewId)).toBe("recording");
  });
});
