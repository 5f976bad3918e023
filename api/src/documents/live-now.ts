import * as encoding from "lib0/encoding";
import { LiveInterim, MESSAGE_NOW } from "@verbatim/shared/document/live";

/** What is told beside a live document: each thing's last word. A process that is killed takes nothing with it that does not come again. */
export type Now = {
  /** The frame that tells it; undefined when it says nothing new. Null: it is over. */
  say(about: string, value: object | null): Uint8Array | undefined;
  /** What a speaker has said up to here is written for good; words that began behind it go on. */
  finished(seatId: string, endMs: number): Uint8Array | undefined;
  /** Lets go of what was told before this time and not since: whoever told it may be gone. */
  forget(beforeMs: number): Uint8Array | undefined;
  /** The frame for somebody who has heard nothing yet, or too much. */
  all(): Uint8Array;
};

export function createNow(nowMs: () => number): Now {
  const held = new Map<string, { readonly value: object; readonly json: string; readonly atMs: number }>();
  const end = (abouts: readonly string[]): Uint8Array | undefined => {
    const over = abouts.filter((about) => held.delete(about));
    return over.length > 0
      ? nowFrame(
          0,
          over.map((about) => JSON.stringify([about, null])),
        )
      : undefined;
  };
  return {
    say(about, value) {
      if (value === null) return end([about]);
      const json = JSON.stringify([about, value]);
      const news = held.get(about)?.json !== json;
      held.set(about, { value, json, atMs: nowMs() });
      return news ? nowFrame(0, [json]) : undefined;
    },
    finished(seatId, endMs) {
      const words = LiveInterim.safeParse(held.get(seatId)?.value).data;
      return words && words.startMs < endMs ? end([seatId]) : undefined;
    },
    forget: (beforeMs) => end([...held].filter(([, { atMs }]) => atMs < beforeMs).map(([about]) => about)),
    all: () =>
      nowFrame(
        1,
        [...held.values()].map(({ json }) => json),
      ),
  };
}

const nowFrame = (whole: 0 | 1, said: readonly string[]): Uint8Array =>
  encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, MESSAGE_NOW);
    encoding.writeVarUint(encoder, whole);
    encoding.writeVarString(encoder, `[${said.join(",")}]`);
  });
