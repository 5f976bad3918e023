import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { control, endCall } from "@verbatim/shared/api/call";
import { getReview } from "@verbatim/shared/api/interviews";
import { mark, readMarks } from "@verbatim/shared/api/marks";
import { documentSegmentId } from "@verbatim/shared/document/live";
import type { InterviewId } from "@verbatim/shared/ids";
import type { Act } from "@verbatim/shared/marks/act";
import { marksOf } from "@verbatim/shared/marks/marks";
import { openDatabase } from "../database/database.ts";
import { log, useHarness } from "../../test/harness.ts";
import { paramsOf } from "../../test/scene.ts";
import { talking } from "../../test/talking.ts";
import { replaceTranscript } from "./replace-transcript.ts";

const { harness, staff } = await useHarness();
const template = { name: "Any", minutes: 30, competencies: [], questions: [{ text: "Who?", competency: "" }] };
const spoken = (text: string, startMs: number) => {
  const words = text.split(" ").map((word, n) => ({
    text: word,
    startMs: startMs + n * 300,
    endMs: startMs + n * 300 + 250,
    confidence: 1,
  }));
  return { startMs, endMs: startMs + words.length * 300, words };
};

it("another transcript takes the place of the one that was marked: what was marked goes along, and what has no place is listed", async () => {
  using made = await talking(harness, staff, template);
  const { interview, candidate } = made;
  await made.answer(5_000, "we moved the doctor images");
  await made.answer(60_000, "and that was all");
  const [first, second] = [5_000, 60_000].map((at) => documentSegmentId(1, candidate.seatId, at));
  const say = (act: Act) => staff.call(mark, { interviewId: interview.id }, { id: randomUUID(), act });
  const annotate = (segmentId: string, from: number, to: number): Act => ({
    do: "annotate",
    annotation: randomUUID(),
    spans: [{ segmentId, from, to }],
    tags: [],
    evidence: [],
  });
  const [images, all] = [annotate(first!, 3, 5), annotate(second!, 0, 2)];
  const correct: Act = {
    do: "correct",
    correction: randomUUID(),
    span: { segmentId: first!, from: 3, to: 4 },
    text: "docker",
  };
  for (const act of [images, all, correct]) await say(act);

  await using database = openDatabase({ url: harness.url, log, max: 2 });
  const interviewId = interview.id as InterviewId;
  const fresh = {
    part: 1,
    segments: [{ seatId: candidate.seatId, ...spoken("Then we moved the docked images", 4_800) }],
  };
  await expect(replaceTranscript(database, interviewId, fresh)).rejects.toMatchObject({ code: "state.conflict" });
  await staff.call(control, paramsOf(made.host), { action: "stop", epoch: 1 });
  await staff.call(endCall, paramsOf(made.host), {});
  const stranger = { part: 1, segments: [{ ...fresh.segments[0]!, seatId: made.observers[0]!.seatId }] };
  await expect(replaceTranscript(database, interviewId, stranger)).rejects.toMatchObject({ code: "input.invalid" });
  expect(await replaceTranscript(database, interviewId, fresh)).toEqual({ segments: 1, moved: 3, unplaced: 1 });

  const { recordings } = await staff.call(getReview, { interviewId });
  expect(recordings[0]?.segments.map(({ text }) => text)).toEqual(["Then we moved the docked images"]);
  const id = recordings[0]?.segments[0]?.id ?? "";
  const read = async () => marksOf((await staff.call(readMarks, { interviewId, seq: "0" })).changes);
  const { annotations, corrections } = await read();
  expect([...annotations.values()].map(({ spans, lost }) => [spans, lost])).toEqual([
    [[{ segmentId: id, from: 4, to: 6 }], []],
    [[], ["and that"]],
  ]);
  expect([...corrections.values()].map(({ span }) => span)).toEqual([{ segmentId: id, from: 4, to: 5 }]);

  // A page that was cut off marked words of the old transcript; and words of it that come late are not among the new ones.
  const late = annotate(first!, 0, 1);
  await say(late);
  expect([...(await read()).annotations.values()].at(-1)?.spans).toEqual([{ segmentId: id, from: 1, to: 2 }]);
  await made.answer(90_000, "late words");
  expect((await staff.call(getReview, { interviewId })).recordings[0]?.segments).toHaveLength(1);
});
