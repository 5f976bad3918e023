/** What one look, a second after the last, says of the machine. */
export type Strain = {
  /** Space where the spool lies; undefined before it was looked at. */
  readonly freeBytes: number | undefined;
  /** How much later than asked for the look came. */
  readonly lateMs: number;
  /** Bytes of pictures that wait in memory for the disk. */
  readonly heldBytes: number;
};

/**
 * Decides when cameras and screens are left out, all of them at once: sound never gives way, and one rule for all is
 * one that people can be told. Left out from the first sign of strain until a minute without any.
 */
export type GiveWay = {
  look(strain: Strain, nowUs: number): void;
  /** The disk refused a write for want of room. */
  full(nowUs: number): void;
  /** Why pictures are left out now; undefined while they are recorded. */
  readonly because: "disk" | "load" | undefined;
  /** How often that began. */
  readonly times: number;
};

/** At 20 interviews of two cameras five minutes before the alarm of a disk that fills, and hours of sound before its end. */
export const PICTURE_FREE_BYTES = 2 * 1024 * 1024 * 1024;
/** The kernel keeps a stalled speaker's packets for 4 s; a tenth of that is late enough to make room. */
const LATE_MS = 400;
/** Late for a moment happens to everyone (a snapshot, a collection); twice in ten looks is a busy machine. */
const LATE_LOOKS = 2;
const LOOKS_US = 10_000_000;
/** A tenth of a second of 20 interviews' pictures; a disk that is behind by more is behind with sound, too. */
const HELD_BYTES = 4 * 1024 * 1024;
const CALM_US = 60_000_000;

export function createGiveWay(): GiveWay {
  let because: GiveWay["because"];
  let lastUs = Number.NEGATIVE_INFINITY;
  let times = 0;
  let lateUs: number[] = [];

  const strained = (why: NonNullable<GiveWay["because"]>, nowUs: number): void => {
    if (!because) times += 1;
    because = why;
    lastUs = nowUs;
  };

  return {
    look({ freeBytes, lateMs, heldBytes }, nowUs) {
      lateUs = lateUs.filter((at) => at > nowUs - LOOKS_US);
      if (lateMs > LATE_MS) lateUs.push(nowUs);
      if (freeBytes !== undefined && freeBytes < PICTURE_FREE_BYTES) strained("disk", nowUs);
      else if (lateUs.length >= LATE_LOOKS || heldBytes > HELD_BYTES) strained("load", nowUs);
      else if (nowUs - lastUs >= CALM_US) because = undefined;
    },
    full: (nowUs) => strained("disk", nowUs),
    get because() {
      return because;
    },
    get times() {
      return times;
    },
  };
}
