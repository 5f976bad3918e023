import type * as Y from "yjs";
import type { SeatId } from "@verbatim/shared/ids";
import { type RecordingView, recordingOff } from "@verbatim/shared/recording/view";
import { createLiveWriter } from "../src/documents/live-writer.ts";

const SEATS = ["30000000-0000-4000-8000-000000000001", "30000000-0000-4000-8000-000000000002"] as SeatId[];
const WORDS =
  "so we ran both systems side by side for three weeks and compared what they answered every morning before anybody had looked at either of them".split(
    " ",
  );

const recordedUntil = (onServerMs: number): RecordingView => ({
  ...recordingOff,
  lamp: "safe",
  epoch: 1,
  controllerSeatId: SEATS[0] as SeatId,
  controllerName: "Anna Host",
  startedAtMs: 1,
  onServerMs,
  inStoreMs: onServerMs - (onServerMs % 30_000),
  measuredAtMs: onServerMs,
});

/** Two people for an hour: 750 utterances of twelve words, and the recording's figures every 0.8 s. */
export function talkForAnHour(doc: Y.Doc): void {
  const live = createLiveWriter(doc, new Set());
  for (let utterance = 0; utterance < 750; utterance++) {
    const seat = SEATS[utterance % 2] as SeatId;
    const startMs = utterance * 4_800;
    const words = Array.from({ length: 12 }, (_, n) => ({
      text: WORDS[(utterance * 7 + n) % WORDS.length] ?? "",
      startMs: startMs + n * 370 + ((utterance * 13 + n * 29) % 60),
      endMs: startMs + n * 370 + 240 + ((utterance * 17 + n * 11) % 110),
    }));
    const text = words.map((word) => word.text).join(" ");
    for (let n = 0; n < 6; n++) doc.transact(() => live.setRecording(recordedUntil(startMs + n * 800)));
    doc.transact(() => live.appendSegment(`${seat}:${startMs}`, seat, text, words));
  }
}
