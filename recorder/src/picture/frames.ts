import type { JoinedFrame, PictureCodec, PicturePacket } from "./picture.ts";

/** A whole frame as it was sent. */
export type PictureFrame = JoinedFrame & {
  readonly ticks: number;
  /** When its first packet came: the later ones of a large frame are held back by the sender. */
  readonly arrivalUs: number;
  /** Sequence of its first packet, and the first byte of any of its records in the log. */
  readonly sequence: number;
  readonly at: number;
  /** Something that was sent between the whole frame before and this one is missing. */
  readonly lostBefore: boolean;
};

/**
 * The whole frames in one stream's packets, given in any order and perhaps twice. Packets say nothing of a frame's
 * end but by the one after them, so what has nothing behind it yet is no frame yet. A frame that lacks a packet is
 * left out; that those after it lean on it is `decodable`'s to say.
 */
export function framesOf(packets: readonly PicturePacket[], codec: PictureCodec): PictureFrame[] {
  const sorted = packets.toSorted((a, b) => a.sequence - b.sequence);
  const frames: PictureFrame[] = [];
  let group: PicturePacket[] = [];
  let contiguous = false;
  let lost = false;

  const close = (next: PicturePacket): void => {
    const [first] = group;
    const last = group.at(-1);
    if (!first || !last) return;
    const ends = next.sequence === last.sequence + 1;
    const joined = ends && (contiguous || codec.begins(first.payload)) ? join(group, codec) : undefined;
    if (joined && joined !== "nothing") {
      const at = Math.min(...group.map((packet) => packet.at));
      const arrivalUs = Math.min(...group.map((packet) => packet.arrivalUs));
      frames.push({ ...joined, ticks: first.ticks, arrivalUs, sequence: first.sequence, at, lostBefore: lost });
      lost = false;
    } else if (joined !== "nothing") lost = true;
    contiguous = ends;
    if (!ends) lost = true;
  };

  for (const packet of sorted) {
    const last = group.at(-1);
    if (last?.sequence === packet.sequence) continue;
    if (last && packet.sequence === last.sequence + 1 && packet.ticks === last.ticks) group.push(packet);
    else {
      close(packet);
      group = [packet];
    }
  }
  return frames;
}

/** `nothing`: packets that only pad. */
function join(group: readonly PicturePacket[], codec: PictureCodec): JoinedFrame | "nothing" | undefined {
  if (group.every(({ payload }) => payload.length === 0)) return "nothing";
  return codec.join(group.map(({ payload }) => payload));
}

/** Frames that a decoder can show, each with what it must be told first; and where it had to wait for a key frame. */
export type Decodable<Frame extends PictureFrame> = {
  readonly frames: readonly (Frame & { readonly waited: boolean })[];
  /** The last frames lean on something missing. */
  readonly waiting: boolean;
};

/** Leaves out what leans on something missing: from a loss to the next key frame, and before the first one. */
export function decodable<Frame extends PictureFrame>(frames: readonly Frame[], begun: boolean): Decodable<Frame> {
  const good: (Frame & { readonly waited: boolean })[] = [];
  let waiting = !begun;
  for (const frame of frames) {
    if (frame.lostBefore) waiting = true;
    if (waiting && !frame.format) continue;
    good.push({ ...frame, waited: waiting });
    waiting = false;
  }
  return { frames: good, waiting };
}
