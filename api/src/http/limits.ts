import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { DomainError } from "@verbatim/shared/errors";

/** How often somebody may try what could be guessed. Counted in this process, per minute. */
export type Limits = {
  /** Throws `rate.limited`. `key` is an address, or an address and an e-mail. */
  try(what: keyof typeof tries, key: string): Promise<void>;
  /** The try was a good one: it does not count. Those before it do, or one good link would pay for endless guesses. */
  forgive(what: keyof typeof tries, key: string): Promise<void>;
};

const tries = {
  setup: 10,
  /** Per address. */
  signIn: 30,
  /** Per e-mail address, wherever the tries come from. */
  signInEmail: 10,
  link: 10,
  request: 1_200,
  /** Per seat. */
  ticket: 120,
  /** Per seat: nobody needs to start, stop and take over more than once a second. */
  control: 60,
  /** Per seat: links to one's own place on another device. */
  handover: 10,
  /** Per seat: faster than anybody writes. */
  chat: 60,
  /** Per person: a page that was offline sends what it kept, one after another. */
  marks: 600,
  /** Per person: a moment is asked for by a press, then once in 30 s, or every few seconds while it is not stored yet. */
  replay: 120,
} as const;

export function createLimits(): Limits {
  const limiters = new Map(
    Object.entries(tries).map(([name, points]) => [
      name,
      new RateLimiterMemory({ keyPrefix: name, points, duration: 60 }),
    ]),
  );
  return {
    async try(what, key) {
      try {
        await limiters.get(what)?.consume(key);
      } catch (thrown) {
        if (!(thrown instanceof RateLimiterRes)) throw thrown;
        const seconds = Math.max(1, Math.ceil(thrown.msBeforeNext / 1000));
        throw new DomainError("rate.limited", `Too many tries. Please wait ${seconds} s and try again.`);
      }
    },
    async forgive(what, key) {
      await limiters.get(what)?.reward(key);
    },
  };
}
