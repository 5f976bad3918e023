import {
  LiveInterim,
  LiveMeta,
  LiveNowList,
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
      recording: measuredLast(before.recording, of("recording") as Meta["recording"]),
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
  if (changed.has(liveRoots.transcript)) {
    const segments = readSegments(doc, before.segments);
    view = { ...view, segments, interim: withoutFinished(before, segments) };
  }
  if (changed.has(liveRoots.suggestions)) view = { ...view, suggestions: readSuggestions(doc) };
  return view;
}

/** What the recording says comes on two ways: what was measured last holds. */
export function measuredLast(
  one: RecordingView | undefined,
  other: RecordingView | undefined,
): RecordingView | undefined {
  if (!one || !other) return one ?? other;
  return (other.measuredAtMs ?? 0) > (one.measuredAtMs ?? 0) ? other : one;
}

/** Unfinished words give way to the final ones in the same picture; that they are over is told a moment later. */
function withoutFinished({ interim, segments }: LiveView, now: readonly SegmentView[]): LiveView["interim"] {
  if (interim.length === 0 || now === segments) return interim;
  const known = new Set(segments);
  const added = now.filter((segment) => !known.has(segment));
  return interim.filter((said) => !added.some(({ seatId, endMs }) => seatId === said.seatId && endMs > said.startMs));
}

/**
 * What is told beside the document. `whole`: who is not named says nothing any more; what the recording said last stays until
 * it says something else, and its own time tells how old it is. What does not fit the words is left out.
 */
export function readNow(view: LiveView, whole: boolean, json: string): LiveView {
  let { recording } = view;
  let changed = whole && view.interim.length > 0;
  const interim = new Map(whole ? [] : view.interim.map((said) => [said.seatId, said]));
  for (const [about, value] of LiveNowList.safeParse(parsed(json)).data ?? []) {
    if (about === "recording") {
      recording = RecordingView.safeParse(value).data ?? recording;
      continue;
    }
    changed = true;
    const words = LiveInterim.safeParse(value).data;
    if (words?.text) interim.set(about, { seatId: about, ...words });
    else interim.delete(about);
  }
  if (!changed) return { ...view, recording };
  return { ...view, recording, interim: [...interim.values()].toSorted((a, b) => a.startMs - b.startMs) };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined; // Nothing in it fits the words.
  }
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
