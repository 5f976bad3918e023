import { SAMPLE_RATE } from "@verbatim/shared/clock";

/** An RTP packet's numbers, unwrapped within its segment: `ticks` count samples at 48 kHz and never wrap. */
export type Unwrapped<Packet> = {
  readonly segment: number;
  readonly sequence: number;
  readonly ticks: number;
  readonly packet: Packet;
};

/** `samples`: how long the packet is; sequence and time agree when they say the same of what lies between two packets. */
export type RtpNumbers = { readonly sequence: number; readonly rtpTime: number; readonly samples: number };

type Space = { sequence: number; ticks: number };

/**
 * Sequence and time that disagree by more than this, or go opposite ways, begin a new RTP space: the sender woke up, or is
 * another one. However much is missing between them is no reason: after a cut network some seconds old packets come between
 * new ones, and taken for a space of their own they stood where they arrived and pushed all later speech 1.7 s back.
 */
const MAX_DISAGREEMENT_TICKS = 2 * SAMPLE_RATE;

const int16 = (n: number): number => (n << 16) >> 16;
const int32 = (n: number): number => n | 0;

/**
 * Splits one source's packets into segments in which sequence and time go on together. A packet that does not
 * fit is held until the next one fits it or fits the segment: one stray packet never begins a segment.
 */
export function createRtpSpaces<Packet extends RtpNumbers>() {
  let segment = -1;
  let space: Space | undefined;
  let stray: Packet | undefined;

  const unwrap = (base: Space, { sequence, rtpTime }: RtpNumbers): Space => ({
    sequence: base.sequence + int16(sequence - base.sequence),
    ticks: base.ticks + int32(rtpTime - base.ticks),
  });

  const fits = (base: Space, at: Space, samples: number): boolean => {
    const ahead = at.sequence - base.sequence;
    const ticks = at.ticks - base.ticks;
    return Math.sign(ahead) === Math.sign(ticks) && Math.abs(ticks - ahead * samples) <= MAX_DISAGREEMENT_TICKS;
  };

  const begin = (packet: Packet): Unwrapped<Packet> => {
    segment += 1;
    space = { sequence: packet.sequence, ticks: packet.rtpTime };
    return { segment, ...space, packet };
  };

  return {
    /** The packets whose place is known now: none, this one, or the held one and this one. */
    accept(packet: Packet): Unwrapped<Packet>[] {
      if (!space) return [begin(packet)];
      const at = unwrap(space, packet);
      if (fits(space, at, packet.samples)) {
        stray = undefined;
        if (at.sequence > space.sequence) space = at;
        return [{ segment, ...at, packet }];
      }
      const held = stray;
      stray = packet;
      if (!held) return [];
      const base: Space = { sequence: held.sequence, ticks: held.rtpTime };
      const next = unwrap(base, packet);
      if (!fits(base, next, packet.samples) || next.sequence <= base.sequence) return [];
      stray = undefined;
      const first = begin(held);
      space = next;
      return [first, { segment, ...next, packet }];
    },
    /** The next packet comes from another sender. */
    restart(): void {
      space = undefined;
      stray = undefined;
    },
    /** Unwrapped ticks of an RTP time near the newest packet's, for sender reports. */
    ticksOf(rtpTime: number): number | undefined {
      return space && space.ticks + int32(rtpTime - space.ticks);
    },
    get segment(): number {
      return segment;
    },
  };
}
