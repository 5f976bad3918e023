import { uuid } from "../uuid.ts";

/** So many interviews with so many updates a second each, and five observers each. */
export type Load = { readonly rooms: readonly Room[]; readonly updatesPerSecond: number };
export const OBSERVERS = 5;
export type Room = { readonly tenantId: string; readonly interviewId: string; readonly seatId: string };

/** What a busy machine carries, and twice the interviews with every word of both speakers many times over. */
export const LOADS: readonly Load[] = [load(20, 4), load(40, 25)];

function load(rooms: number, updatesPerSecond: number): Load {
  return {
    updatesPerSecond,
    // Two interviews in an organisation: what is stored together is not all of one.
    rooms: Array.from({ length: rooms }, (_, index) => ({
      tenantId: uuid(1, index >> 1),
      interviewId: uuid(2, index),
      seatId: uuid(3, index),
    })),
  };
}

const WORDS = "so we ran both systems side by side for three weeks and compared the answers every morning".split(" ");

/** The number by which a delivery is told from others: behind the words, and in every protocol the same bytes. */
export const marked = (words: string, n: number): string => `${words} #${n};`;

/** What the update of this number says: words as they grow, 1 to 16 of them. With the last the utterance is finished. */
export function said(load: Load, n: number): { readonly text: string; readonly final: boolean } {
  const words = 1 + (Math.floor(n / load.rooms.length) % WORDS.length);
  return { text: marked(WORDS.slice(0, words).join(" "), n), final: words === WORDS.length };
}
