import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { endCall } from "@verbatim/shared/api/call";
import { getReview } from "@verbatim/shared/api/interviews";
import { mark, markInCall, readMarks, readMarksInCall } from "@verbatim/shared/api/marks";
import { documentSegmentId } from "@verbatim/shared/document/live";
import type { Act } from "@verbatim/shared/marks/act";
import { marksOf } from "@verbatim/shared/marks/marks";
import { secondTenant, useHarness } from "../../test/harness.ts";
import { gather, paramsOf, type Person } from "../../test/scene.ts";
import { talking } from "../../test/talking.ts";
import { until } from "../../test/until.ts";

const { harness, staff } = await useHarness();
const template = { name: "Any", minutes: 30, competencies: [], questions: [{ text: "Who?", competency: "" }] };

const talk = async () => {
  const made = await talking(harness, staff, template);
  await made.answer(5_000, "we moved the doctor images");
  const segmentId = documentSegmentId(1, made.candidate.seatId, 5_000);
  const annotation = randomUUID();
  const annotate: Act = {
    do: "annotate",
    annotation,
    spans: [{ segmentId, from: 1, to: 3 }],
    tags: ["own"],
    evidence: [],
  };
  const correct: Act = {
    do: "correct",
    correction: randomUUID(),
    span: { segmentId, from: 3, to: 4 },
    text: "docker",
  };
  const told = (): unknown => made.reader.doc.getMap("meta").get("marks");
  return Object.assign(made, { segmentId, annotation, annotate, correct, told });
};
const say = (person: Person, act: Act, id: string = randomUUID()) =>
  person.browser.try(markInCall, paramsOf(person), { id, act });
const read = async (person: Person, after = 0) =>
  person.browser.call(readMarksInCall, { ...paramsOf(person), seq: String(after) });
const byAccount = (interviewId: string) => staff.call(readMarks, { interviewId, seq: "0" });

describe("annotations and corrections", () => {
  it("are counted in everybody's document, and read by observers, hosts and accounts with the server's names", async () => {
    using made = await talk();
    const [observer] = made.observers;
    expect(await say(observer!, made.annotate)).toMatchObject({ status: 200, body: { seq: 1, name: "Observer 1" } });
    await staff.call(mark, { interviewId: made.interview.id }, { id: randomUUID(), act: made.correct });
    await until(made.told, (count) => count === 2);
    const everywhere = [await read(observer!), await read(made.host), await byAccount(made.interview.id)];
    for (const { changes, last } of everywhere) {
      expect(changes.map(({ seq, name, act }) => [seq, name, act.do])).toEqual([
        [1, "Observer 1", "annotate"],
        [2, "Grace Hopper", "correct"],
      ]);
      expect(last).toBe(2);
    }
    expect((await read(observer!, 1)).changes.map(({ seq }) => seq)).toEqual([2]);
    // A host with an account is the same person in the call and after it.
    expect(everywhere[1]?.author).toBe(everywhere[2]?.author);
    expect(everywhere.map(({ corrects }) => corrects)).toEqual([false, true, true]);
  });

  it("are stored once, however often they are sent, and by one person alone", async () => {
    using made = await talk();
    const id = randomUUID();
    const answers = await Promise.all(Array.from({ length: 8 }, () => say(made.host, made.annotate, id)));
    expect(new Set(answers.map(({ body }) => (body as { seq: number }).seq))).toEqual(new Set([1]));
    expect((await say(made.observers[0]!, made.annotate, id)).status).toBe(409);
    expect((await read(made.host)).changes).toHaveLength(1);
  });

  it("get numbers of their own when many write at once, and come to the same for everybody", async () => {
    using made = await talk();
    await say(made.host, made.annotate);
    const people = [made.host, made.observers[0]!];
    const comment = (n: number): Act => ({
      do: "comment",
      annotation: made.annotation,
      comment: randomUUID(),
      text: `reply ${n}`,
    });
    await Promise.all(Array.from({ length: 12 }, (_, n) => say(people[n % 2]!, comment(n))));
    const seen = await Promise.all(people.map(async (person) => marksOf((await read(person)).changes)));
    expect(seen[0]).toEqual(seen[1]);
    expect(seen[0]?.annotations.get(made.annotation)?.comments).toHaveLength(12);
  });

  it("are refused to the candidate, corrections to observers, and everything about words that nobody said", async () => {
    using made = await talk();
    const [observer] = made.observers;
    expect((await say(made.candidate, made.annotate)).status).toBe(403);
    const asked = made.candidate.browser.try(readMarksInCall, { ...paramsOf(made.candidate), seq: "0" }, undefined);
    expect((await asked).status).toBe(403);
    expect((await say(observer!, made.correct)).status).toBe(403);
    expect((await say(observer!, { do: "undo", correction: randomUUID(), undone: true })).status).toBe(403);
    const elsewhere = [
      { segmentId: made.segmentId, from: 4, to: 6 },
      { segmentId: `${made.segmentId}1`, from: 0, to: 1 },
      { segmentId: `2/${made.segmentId}`, from: 0, to: 1 },
    ];
    for (const span of elsewhere) {
      const act: Act = { do: "annotate", annotation: randomUUID(), spans: [span], tags: [], evidence: [] };
      expect((await say(made.host, act)).status).toBe(404);
    }
    const nobody: Act = {
      do: "speaker",
      correction: randomUUID(),
      segmentId: made.segmentId,
      seatId: observer!.seatId,
    };
    expect((await say(made.host, nobody)).status).toBe(404);
    expect((await say(made.host, { do: "tag", annotation: randomUUID(), tag: "x", on: true })).status).toBe(404);
    expect((await read(made.host)).changes).toEqual([]);
  });

  it("of an observer that was cut off still come when the call is over, and nobody's place that was closed writes", async () => {
    using made = await talk();
    const [observer] = made.observers;
    await gather(harness, [made.host]);
    expect((await observer!.browser.try(readMarksInCall, { ...paramsOf(observer!), seq: "0" }, undefined)).status).toBe(
      409,
    );
    await staff.call(endCall, paramsOf(made.host), {});
    expect((await say(observer!, made.annotate)).status).toBe(200);
    await harness.sql("update verbatim.seat set removed_at = now() where id = $1", [observer!.seatId]);
    expect((await say(observer!, made.annotate)).status).toBe(403);
    expect((await byAccount(made.interview.id)).changes).toHaveLength(1);
  });

  it("that correct words and speakers are in the transcripts that are taken along, the original beside them", async () => {
    using made = await talk();
    const params = { interviewId: made.interview.id };
    const seatId = made.host.seatId;
    const speaker: Act = { do: "speaker", correction: randomUUID(), segmentId: made.segmentId, seatId };
    for (const act of [made.correct, speaker]) await staff.call(mark, params, { id: randomUUID(), act });
    const { recordings } = await staff.call(getReview, params);
    const file = async (format: string) =>
      (
        await staff.raw(
          `/v1/interviews/${made.interview.id}/recordings/${recordings[0]!.recordingId}/transcript.${format}`,
        )
      ).text();
    expect(await file("txt")).toContain("Grace Hopper: we moved the docker images");
    expect(await file("vtt")).toContain("<v Grace Hopper>we moved the docker images");
    expect(JSON.parse(await file("json"))).toMatchObject({
      segments: [
        {
          speaker: "Ada Lovelace",
          text: "we moved the doctor images",
          corrected: { speaker: "Grace Hopper", text: "we moved the docker images" },
        },
      ],
    });
  });

  it("are kept as they were done: nobody's act can be rewritten, and another organisation neither reads nor writes", async () => {
    using made = await talk();
    await say(made.host, made.correct);
    const stranger = await secondTenant(harness);
    const params = { interviewId: made.interview.id };
    expect((await stranger.try(mark, params, { id: randomUUID(), act: made.annotate })).status).toBe(404);
    expect((await stranger.try(readMarks, { ...params, seq: "0" }, undefined)).status).toBe(404);
    const rights = await harness.sql(
      `select privilege_type from information_schema.role_table_grants
       where table_name = 'mark_change' and grantee = 'verbatim_app' order by 1`,
    );
    expect(rights.map((row) => row["privilege_type"])).toEqual(["INSERT", "SELECT"]);
  });

  it("that were stored when we died before anybody was told are told by the next look at the call", async () => {
    using made = await talk();
    const id = randomUUID();
    // What a killed api leaves behind: the rows of its transaction, and nothing else.
    await harness.sql(
      `insert into verbatim.mark_change (tenant_id, interview_id, id, seq, author, name, act)
       values ($1, $2, $3, 1, 'user:x', 'Ben', $4)`,
      [made.at.tenantId, made.interview.id, id, JSON.stringify(made.annotate)],
    );
    await harness.sql("update verbatim.interview set marks_seq = 1 where id = $1", [made.interview.id]);
    await until(made.told, (count) => count === 1);
    expect((await read(made.observers[0]!)).changes.map((each) => each.id)).toEqual([id]);
  });
});
