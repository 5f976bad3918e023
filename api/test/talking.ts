import * as call from "@verbatim/shared/api/call";
import type { RecordingId } from "@verbatim/shared/ids";
import type { LivePlan } from "@verbatim/shared/plan/live-plan";
import type { Suggestion } from "@verbatim/shared/plan/suggestion";
import type { Template } from "@verbatim/shared/plan/template";
import type { Browser } from "./browser.ts";
import type { Harness } from "./harness.ts";
import { openDocument } from "./open-document.ts";
import { fakeRun } from "./recorder.ts";
import { gather, paramsOf, scene } from "./scene.ts";
import { until } from "./until.ts";

/** A recording with a plan in which host and candidate speak, read by an observer. */
export async function talking(harness: Harness, staff: Browser, template: Template) {
  const made = await scene(harness, staff, { observers: 1, template });
  await made.host.browser.call(call.control, paramsOf(made.host), { action: "start", epoch: 0 });
  const told = await until(
    () => harness.sfu.calls.get(made.at.interviewId)?.recording,
    (row) => Boolean(row?.clock),
  );
  await gather(harness, [made.host, made.candidate, ...made.observers]);
  const recordingId = told!.recordingId as RecordingId;
  const speaker = (who: "host" | "candidate") =>
    fakeRun(
      harness,
      made.at,
      recordingId,
      told!.clock!,
      made[who].seatId,
      who === "host" ? "interviewer" : "candidate",
    );
  const [asks, answers] = [speaker("host"), speaker("candidate")];
  const reader = await openDocument(harness, made.observers[0]!);
  return {
    ...made,
    reader,
    ask: (atMs: number, text: string) => harness.events.send(asks.words(atMs, ...text.split(" "))),
    /** Goes on asking: unfinished words. */
    asking: (atMs: number, text: string) => harness.events.send(asks.saying(atMs, text)),
    answer: (atMs: number, text: string) => harness.events.send(answers.words(atMs, ...text.split(" "))),
    plan: () => reader.doc.getMap("meta").get("plan") as LivePlan | undefined,
    suggestions: () =>
      ([...reader.doc.getMap("suggestions").values()] as Suggestion[]).toSorted((a, b) => a.text.localeCompare(b.text)),
    [Symbol.dispose]: () => reader[Symbol.dispose](),
  };
}
