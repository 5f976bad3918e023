import { setTimeout as delay } from "node:timers/promises";
import type { InterviewId } from "@verbatim/shared/ids";
import type { Log } from "@verbatim/hands/log";
import type { RtcpSenderReport } from "../rtp/rtcp.ts";
import type { OpenedRtp } from "../rtp/srtp.ts";
import { createHoleCount, type Counters } from "./counters.ts";
import type { SfuLink } from "./sfu-link.ts";
import { openTap, type Tap, type TapSink } from "./tap.ts";

/** What a track's source delivers, whatever taps it takes. */
export type SourceSink = {
  media(packet: OpenedRtp): void;
  reports(reports: readonly RtcpSenderReport[]): void;
};

/**
 * Keeps one track tapped through changes of its producer and of the connection to the sfu. An older tap stays until
 * the first packet of a newer one is there: a connection that breaks and comes back costs no packet.
 */
export type Source = AsyncDisposable & {
  /** What to tap, and on which connection. */
  want(link: SfuLink, producerId: string): void;
  /** The sfu has no producer for the track, or it is left out. */
  wantNothing(): void;
  /** Asks for a key frame of what is heard. A new tap asks by itself. */
  askForKeyFrame(): void;
  /** Packets that were missed, less those that came late. */
  readonly lost: number;
};

/** One producer on one connection, from wanting its packets to hearing a newer one's. */
type Attempt = {
  readonly link: SfuLink;
  readonly producerId: string;
  readonly retired: AbortController;
  tap: Tap | undefined;
};

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 2_000;
/** The one heard, and one on its way. More are left from quick changes, none of which was ever heard. */
const MAX_ATTEMPTS = 2;

export function createSource(options: {
  readonly interviewId: InterviewId;
  readonly counters: Counters;
  readonly log: Log;
  readonly sink: SourceSink;
}): Source {
  const { interviewId, counters, log, sink } = options;
  const background = new Set<Promise<void>>();
  /** Oldest first; those retired are not in it. */
  let attempts: Attempt[] = [];
  let lost = 0;

  const inBackground = (work: Promise<void>): void => {
    const held: Promise<void> = work
      .catch((cause: unknown) => {
        log.error("tap.failed", { cause });
      })
      .finally(() => background.delete(held));
    background.add(held);
  };

  const retire = (attempt: Attempt): void => {
    attempt.retired.abort();
    if (attempt.tap) inBackground(attempt.tap.close((attempts.at(-1) ?? attempt).link));
    attempt.tap = undefined;
  };
  const retireBefore = (index: number): void => {
    for (const attempt of attempts.slice(0, index)) retire(attempt);
    attempts = attempts.slice(index);
  };

  const sinkOf = (attempt: Attempt): TapSink => {
    const holes = createHoleCount();
    const live = (): boolean => !attempt.retired.signal.aborted;
    return {
      media(packet) {
        if (!live()) return;
        if (attempts[0] !== attempt) retireBefore(attempts.indexOf(attempt));
        counters.packets += 1;
        counters.bytes += packet.payload.length;
        const missed = holes.count(packet.sequence);
        counters.lost += missed;
        lost += missed;
        sink.media(packet);
      },
      reports(reports) {
        if (live()) sink.reports(reports);
      },
      fault(fault) {
        counters.faults[fault] += 1;
      },
    };
  };

  const open = async (attempt: Attempt): Promise<void> => {
    const { signal } = attempt.retired;
    const source = { interviewId, producerId: attempt.producerId };
    for (let failures = 0; !signal.aborted; failures++) {
      try {
        const tap = await openTap(attempt.link, source, sinkOf(attempt));
        if (signal.aborted) await tap.close(attempt.link);
        else attempt.tap = tap;
        return;
      } catch (cause) {
        if (signal.aborted) return;
        log.warn("tap.open_failed", { failures, cause });
        const waitMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures, 5));
        await delay(waitMs, undefined, { signal }).catch(() => {
          // Retired meanwhile: the loop's condition ends it.
        });
      }
    }
  };

  return {
    want(link, producerId) {
      const newest = attempts.at(-1);
      if (newest?.link === link && newest.producerId === producerId) return;
      const attempt: Attempt = { link, producerId, retired: new AbortController(), tap: undefined };
      attempts.push(attempt);
      // The first stays, since it may be the one heard; what was wanted between it and now is not wanted any more.
      if (attempts.length > MAX_ATTEMPTS) {
        for (const between of attempts.splice(1, attempts.length - MAX_ATTEMPTS)) retire(between);
      }
      inBackground(open(attempt));
    },
    wantNothing() {
      retireBefore(attempts.length);
    },
    askForKeyFrame() {
      const [heard] = attempts;
      if (!heard?.tap) return;
      inBackground(
        heard.tap.keyFrame(heard.link).catch((cause: unknown) => {
          // The chunk goes on until the next one comes, and the sfu asks on its own when a browser needs one.
          log.debug("tap.key_frame_refused", { cause });
        }),
      );
    },
    get lost() {
      return lost;
    },
    async [Symbol.asyncDispose]() {
      retireBefore(attempts.length);
      while (background.size > 0) await Promise.all(background);
    },
  };
}
