import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as call from "@verbatim/shared/api/call";
import type { TenantId } from "@verbatim/shared/ids";
import { openDatabase } from "../database/database.ts";
import {
  type Browser,
  type Harness,
  log,
  paramsOf,
  participant,
  scene,
  setUp,
  startHarness,
  until,
} from "../../test/harness.ts";
import { upkeep } from "./upkeep.ts";

let harness: Harness;
let staff: Browser;
beforeAll(async () => {
  harness = await startHarness();
  staff = (await setUp(harness)).browser;
  await until(() => harness.sfu.connected, Boolean);
});
afterAll(async () => {
  await harness[Symbol.asyncDispose]();
});

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
