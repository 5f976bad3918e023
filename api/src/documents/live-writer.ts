import type * as Y from "yjs";
import {
  type LiveInterim,
  type LiveInterview,
  type LiveLoss,
  type LiveOffer,
  liveRoots,
} from "@verbatim/shared/document/live";
import { packWordTimes, type WordTime } from "@verbatim/shared/document/word-times";
import type { Participant } from "@verbatim/shared/control/protocol";
import type { SpeechState } from "@verbatim/shared/events/protocol";
import type { SeatId } from "@verbatim/shared/ids";
import type { RecordingView } from "@verbatim/shared/recording/view";

/** The only way anything is written into a live document. Values that did not change write nothing. */
export type LiveWriter = {
  setInterview(interview: LiveInterview): void;
  setRecording(view: RecordingView): void;
  setSpeech(speech: SpeechState): void;
  setLosses(losses: readonly LiveLoss[]): void;
  setOffers(offers: readonly LiveOffer[]): void;
  /** The whole list; whoever is missing from it is removed. */
  setParticipants(participants: readonly Participant[]): void;
  /** Replaces the speaker's unfinished words; null clears them. */
  setInterim(seatId: SeatId, interim: LiveInterim | null): void;
  /** Appends final words unless a segment with this id is there. */
  appendSegment(id: string, seatId: SeatId, text: string, words: readonly WordTime[]): void;
};

/** A writer on one document. `known` are the ids of the segments it holds; the writer keeps it up to date. */
export function createLiveWriter(doc: Y.Doc, known: Set<string>): LiveWriter {
  const meta = doc.getMap(liveRoots.meta);
  const participants = doc.getMap(liveRoots.participants);
  const interim = doc.getMap(liveRoots.interim);
  const transcript = doc.getArray(liveRoots.transcript);
  return {
    setInterview: (value) => setChanged(meta, "interview", value),
    setRecording: (value) => setChanged(meta, "recording", value),
    setSpeech: (value) => setChanged(meta, "speech", value),
    setLosses: (value) => setChanged(meta, "losses", value),
    setOffers: (value) => setChanged(meta, "offers", value),
    setParticipants(list) {
      const seats = new Set<string>(list.map((each) => each.seatId));
      for (const each of list) setChanged(participants, each.seatId, each);
      for (const seat of participants.keys()) if (!seats.has(seat)) participants.delete(seat);
    },
    setInterim(seatId, value) {
      if (value) setChanged(interim, seatId, value);
      else if (interim.has(seatId)) interim.delete(seatId);
    },
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

/** Every overwrite leaves a tombstone in the document for ever, so what is equal is not written. */
function setChanged(map: Y.Map<unknown>, key: string, value: object): void {
  if (JSON.stringify(map.get(key)) !== JSON.stringify(value)) map.set(key, value);
}
