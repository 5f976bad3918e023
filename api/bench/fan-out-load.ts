import { uuid } from "./uuid.ts";

/** 20 interviews, 5 observers each, 4 updates a second each: what a busy machine carries. */
export const UPDATES_PER_SECOND = 4;
export const OBSERVERS = 5;
export type Room = { readonly tenantId: string; readonly interviewId: string; readonly seatId: string };
export const ROOMS: readonly Room[] = Array.from({ length: 20 }, (_, index) => ({
  tenantId: uuid(1, 0),
  interviewId: uuid(2, index),
  seatId: uuid(3, index),
}));

const WORDS = "so we ran both systems side by side for three weeks and compared the answers every morning".split(" ");

/** Unfinished words as they grow: 1 to 16 of them. */
export const text = (n: number): string => WORDS.slice(0, 1 + (n % WORDS.length)).join(" ");
