import {
  LiveInterim,
  LiveMeta,
  LiveNow,
  LiveParticipant,
  liveRoots,
  LiveSegment,
  LiveSuggestion,
  readSegmentId,
} from "@verbatim/shared/document/live";
import { unpackWordTimes } from "@verbatim/shared/document/word-times";
import { RecordingView } from "@verbatim/shared/recording/view";
import type { Participant } from "@verbatim/shared/control/protocol";
import type { Suggestion } from "@verbatim/shared/plan/suggestion";
import type { z } from "zod";
import type * as Y from "yjs";

export type WordView = { readonly text: string; readonly startMs: number; readonly endMs: number };

export type SegmentView = {
  readonly id: string;
  /** Which recording of the interview; each has a clock that begins at 0. */
  readonly part: number;
  readonly seatId: string;
  readonly text: string;
  readonly words: readonly WordView[];
  readonly startMs: number;
  readonly endMs: number;
};

export type InterimView = { readonly seatId: string; readonly startMs: number; readonly text: string };

type Meta = { readonly [K in keyof typeof LiveMeta]: z.infer<(typeof LiveMeta)[K]> | undefined };

/** The live document as a page reads it. What does not fit the words is left out, never guessed. */
export type LiveView = Meta & {
  readonly recording: RecordingView | undefined;
  readonly participants: readonly Participant[];
  readonly interim: readonly InterimView[];
  readonly segments: readonly SegmentView[];
  /** The newest answer's first. */
  readonly suggestions: readonly Suggestion[];
};

export const emptyView: LiveView = {
  interview: undefined,
  recording: undefined,
  speech: undefined,
  losses: undefined,
  offers: undefined,
  plan: undefined,
  marks: undefined,
  participants: [],
  interim: [],
  segments: [],
  suggestions: [],
};

/** Reads the document; parts that did not change keep their identity, so that React leaves them alone. */
export function readView(doc: Y.Doc, before: LiveView, changed: ReadonlySet<string>): LiveView {
  let view = before;
  if (changed.has(liveRoots.meta)) {
    const meta = doc.getMap(liveRoots.meta);
    const of = <K extends keyof typeof LiveMeta>(key: K) => LiveMeta[key].safeParse(meta.get(key)).data;
    view = {
      ...view,
      interview: of("interview") as Meta["interview"],
      speech: of("speech") as Meta["speech"],
      losses: of("losses") as Meta["losses"],
      offers: of("offers") as Meta["offers"],
      plan: of("plan") as Meta["plan"],
      marks: of("marks") as Meta["marks"],
    };
  }
  if (changed.has(liveRoots.participants)) {
    const people = [...doc.getMap(liveRoots.participants).values()].flatMap(
      (value) => LiveParticipant.safeParse(value).data ?? [],
    );
    view = { ...view, participants: people };
  }
  if (changed.has(liveRoots.now)) view = { ...view, ...readNow(doc, before) };
  if (changed.has(liveRoots.transcript)) view = { ...view, segments: readSegments(doc, before.segments) };
  if (changed.has(liveRoots.suggestions)) view = { ...view, suggestions: readSuggestions(doc) };
  return view;
}

/** Of what changes all the time only that gets a new identity which did change. */
function readNow(doc: Y.Doc, before: LiveView): Pick<LiveView, "recording" | "interim"> {
  let recording: RecordingView | undefined;
  const said: InterimView[] = [];
  for (const item of doc.getArray(liveRoots.now)) {
    const now = LiveNow.safeParse(item).data;
    if (!now) continue;
    const [about, value] = now;
    if (about === "recording") {
      recording = RecordingView.safeParse(value).data;
      continue;
    }
    const words = LiveInterim.safeParse(value).data;
    if (words) said.push({ seatId: about, ...words });
  }
  const interim = said.filter(({ text }) => text !== "").toSorted((a, b) => a.startMs - b.startMs);
  return { recording: same(recording, before.recording), interim: same(interim, before.interim) };
}

function same<Value>(value: Value, before: Value): Value {
  return JSON.stringify(value) === JSON.stringify(before) ? before : value;
}

function readSuggestions(doc: Y.Doc): Suggestion[] {
  return [...doc.getMap(liveRoots.suggestions).values()]
    .flatMap((value) => LiveSuggestion.safeParse(value).data ?? [])
    .toSorted((a, b) => b.part - a.part || b.atMs - a.atMs || a.id.localeCompare(b.id));
}

/** The array only grows: only its new end is read. It is in the order of arrival, the page in that of speech: two people's words overtake one another. */
function readSegments(doc: Y.Doc, before: readonly SegmentView[]): readonly SegmentView[] {
  const array = doc.getArray(liveRoots.transcript);
  if (array.length <= before.length) return before;
  const added = array.slice(before.length).map((value, index) => segmentOf(value, before.length + index));
  return [...before, ...added].toSorted((a, b) => a.part - b.part || a.startMs - b.startMs);
}

/** A damaged item keeps its place in the list, so that lengths agree with the array. */
function segmentOf(value: unknown, index: number): SegmentView {
  const parsed = LiveSegment.safeParse(value);
  if (!parsed.success)
    return { id: `damaged:${index}`, part: 1, seatId: "", text: "", words: [], startMs: 0, endMs: 0 };
  const [id, seatId, text, packed] = parsed.data;
  const words = wordsOf(text, packed);
  // The id holds the exact start; packed times are kept to 10 ms.
  const { part, startMs } = readSegmentId(id) ?? { part: 1, startMs: words[0]?.startMs ?? 0 };
  return { id, part, seatId, text, words, startMs, endMs: words.at(-1)?.endMs ?? startMs };
}

/** Pairs words with times; words beyond the times held stand at the end of the last one. */
export function wordsOf(text: string, packed: Uint8Array): WordView[] {
  const times = unpackWordTimes(packed);
  const last = times.at(-1)?.endMs ?? 0;
  return text
    .split(" ")
    .filter((word) => word !== "")
    .map((word, index) => ({ text: word, startMs: times[index]?.startMs ?? last, endMs: times[index]?.endMs ?? last }));
}
