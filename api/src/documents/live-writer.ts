import type * as Y from "yjs";
import { type LiveInterview, type LiveLoss, type LiveOffer, liveRoots } from "@verbatim/shared/document/live";
import { packWordTimes, type WordTime } from "@verbatim/shared/document/word-times";
import type { Participant } from "@verbatim/shared/control/protocol";
import type { SpeechState } from "@verbatim/shared/events/protocol";
import type { LivePlan } from "@verbatim/shared/plan/live-plan";
import type { Suggestion } from "@verbatim/shared/plan/suggestion";
import type { SeatId } from "@verbatim/shared/ids";
import type { RecordingView } from "@verbatim/shared/recording/view";

/** The only way anything is written into a live document. Values that did not change write nothing. */
export type LiveWriter = {
  setInterview(interview: LiveInterview): void;
  /** Writes only when something else than its figures has changed. */
  setRecording(view: RecordingView): void;
  setSpeech(speech: SpeechState): void;
  setLosses(losses: readonly LiveLoss[]): void;
  setOffers(offers: readonly LiveOffer[]): void;
  setPlan(plan: LivePlan): void;
  setMarks(count: number): void;
  /** The whole list; what is missing from it is removed. */
  setSuggestions(suggestions: readonly Suggestion[]): void;
  /** The whole list; whoever is missing from it is removed. */
  setParticipants(participants: readonly Participant[]): void;
  /** Appends final words unless a segment with this id is there. */
  appendSegment(id: string, seatId: SeatId, text: string, words: readonly WordTime[]): void;
};

/** A writer on one document. `known` are the ids of the segments it holds; the writer keeps it up to date. */
export function createLiveWriter(doc: Y.Doc, known: Set<string>): LiveWriter {
  const meta = doc.getMap(liveRoots.meta);
  const participants = doc.getMap(liveRoots.participants);
  const transcript = doc.getArray(liveRoots.transcript);
  const suggestions = doc.getMap(liveRoots.suggestions);
  return {
    setInterview: (value) => setChanged(meta, "interview", value),
    setRecording(value) {
      const before = meta.get("recording");
      if (!before || said(before as RecordingView) !== said(value)) meta.set("recording", value);
    },
    setSpeech: (value) => setChanged(meta, "speech", value),
    setLosses: (value) => setChanged(meta, "losses", value),
    setOffers: (value) => setChanged(meta, "offers", value),
    setPlan: (value) => setChanged(meta, "plan", value),
    setMarks: (count) => setChanged(meta, "marks", count),
    setSuggestions: (list) => setAll(suggestions, new Map(list.map((each) => [each.id, each]))),
    setParticipants: (list) => setAll(participants, new Map(list.map((each) => [each.seatId, each]))),
    appendSegment(id, seatId, text, words) {
      if (known.has(id)) return;
      known.add(id);
      transcript.push([[id, seatId, text, packWordTimes(words)]]);
    },
  };
}

/** Ids of the segments a document holds, after it was loaded. */
export function segmentIds(doc: Y.Doc): Set<string> {
  const ids = new Set<string>();
  for (const item of doc.getArray(liveRoots.transcript)) if (Array.isArray(item)) ids.add(String(item[0]));
  return ids;
}

/** Makes a map hold exactly these. */
function setAll(map: Y.Map<unknown>, all: ReadonlyMap<string, object>): void {
  for (const [key, value] of all) setChanged(map, key, value);
  for (const key of map.keys()) if (!all.has(key)) map.delete(key);
}

/** All that a view says but for the figures that grow each second. */
const said = ({ onServerMs: _server, inStoreMs: _store, measuredAtMs: _measured, ...rest }: RecordingView): string =>
  JSON.stringify(rest);

/** Every overwrite leaves a tombstone in the document for ever, so what is equal is not written. */
function setChanged(map: Y.Map<unknown>, key: string, value: object | number): void {
  if (JSON.stringify(map.get(key)) !== JSON.stringify(value)) map.set(key, value);
}
