import { MIX_RATE, SAMPLE_RATE } from "@verbatim/shared/clock";
import type { RecordingClock } from "@verbatim/shared/clock";
import type { TrackHeader } from "@verbatim/shared/spool/format";
import { toInt16 } from "../mix/to-int16.ts";
import { openLibopus } from "../opus/libopus.ts";
import type { LogEntry } from "../spool/reader.ts";
import { createTrackTimeline, type PlacedPacket } from "../timeline/track-timeline.ts";
import type { Frame } from "./sent-audio.ts";
import { createVoiceGate } from "./voice-gate.ts";

export type HeardFrame = Frame & {
  /** A reader that begins here in the log reads this packet again. */
  readonly offset: number;
  readonly muted: boolean;
};

export type TrackSound = Disposable & {
  /** Decoded packets at their estimated places, in order; overtaken and doubled ones are left out. */
  push(entries: readonly LogEntry[]): HeardFrame[];
  /** Places that became final, by packet number. */
  settle(progressUs: number): ReadonlyMap<number, number>;
};

/** One track's sound as it comes out of the spool, at 16 kHz. `muted` is how the track stood at `offset`. */
export async function openTrackSound(
  header: TrackHeader,
  clock: RecordingClock,
  from: { readonly offset: number; readonly muted: boolean },
): Promise<TrackSound> {
  const timeline = createTrackTimeline(clock);
  const gate = createVoiceGate();
  const stream = (await openLibopus()).open();
  let { muted, offset } = from;
  let end = Number.NEGATIVE_INFINITY;

  const decode = (packet: PlacedPacket): Int16Array => {
    if (header.codec === "pcm") return thirds(packet.payload);
    const expected = Math.round((packet.samples * MIX_RATE) / SAMPLE_RATE);
    const sound = stream.decode(packet.payload);
    const out = new Int16Array(expected);
    for (let i = 0; i < Math.min(expected, sound.length); i++) out[i] = toInt16(sound[i] ?? 0);
    return out;
  };

  return {
    push(entries) {
      const heard: HeardFrame[] = [];
      for (const entry of entries) {
        const at = offset;
        offset = entry.next;
        if (entry.type === "mark") {
          if (entry.mark.type === "mute") muted = true;
          if (entry.mark.type === "unmute") muted = false;
          if (entry.mark.type === "source") timeline.newSource();
          continue;
        }
        if (entry.type === "report") timeline.pushReport(entry.report);
        if (entry.type !== "media" && entry.type !== "pcm") continue;
        for (const packet of entry.type === "media" ? timeline.push(entry) : timeline.pushPcm(entry)) {
          if (packet.startSamples < end - SAMPLE_RATE / 50) continue;
          end = packet.startSamples + packet.samples;
          const pcm = decode(packet);
          heard.push({
            index: packet.index,
            startSamples: packet.startSamples,
            pcm,
            voiced: gate.hears(pcm),
            offset: at,
            muted,
          });
        }
      }
      return heard;
    },
    settle: (progressUs) =>
      new Map(timeline.settle(progressUs).map(({ index, startSamples }) => [index, startSamples])),
    [Symbol.dispose]: () => stream[Symbol.dispose](),
  };
}

/** 48 kHz to 16 kHz by the mean of three: enough for speech recognition. */
function thirds(frame: Uint8Array): Int16Array {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const out = new Int16Array(Math.floor(frame.byteLength / 6));
  for (let i = 0; i < out.length; i++) {
    const sum = view.getInt16(i * 6, true) + view.getInt16(i * 6 + 2, true) + view.getInt16(i * 6 + 4, true);
    out[i] = sum / 3;
  }
  return out;
}
