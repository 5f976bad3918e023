import * as encoding from "lib0/encoding";
import { MESSAGE_NOW } from "@verbatim/shared/document/live";

/** What is told beside a live document: each thing's last word. A process that is killed takes nothing with it that does not come again. */
export type Now = {
  /** The frame that tells it; undefined when it says nothing new. Null: it is over. */
  say(about: string, value: object | null): Uint8Array | undefined;
  /** The frame for somebody who has heard nothing yet, or too much. */
  all(): Uint8Array;
};

export function createNow(): Now {
  const held = new Map<string, string>();
  return {
    say(about, value) {
      const json = JSON.stringify([about, value]);
      if (value === null ? !held.delete(about) : held.get(about) === json) return undefined;
      if (value !== null) held.set(about, json);
      return nowFrame(0, [json]);
    },
    all: () => nowFrame(1, [...held.values()]),
  };
}

const nowFrame = (whole: 0 | 1, said: readonly string[]): Uint8Array =>
  encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, MESSAGE_NOW);
    encoding.writeVarUint(encoder, whole);
    encoding.writeVarString(encoder, `[${said.join(",")}]`);
  });
