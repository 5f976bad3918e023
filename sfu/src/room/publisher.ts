/** Calls `flush` at most once per `everyMs`, and always after the last `touch`. */
export type Publisher = { touch(): void; close(): void };

/** `atOnce`: the first touch after a quiet time is not waited with, beyond what else happens in the same turn. */
export function createPublisher(everyMs: number, flush: () => void, atOnce = false): Publisher {
  let timer: NodeJS.Timeout | undefined;
  let restsUntilMs = 0;
  return {
    touch() {
      if (timer) return;
      const waitMs = atOnce ? Math.max(0, restsUntilMs - performance.now()) : everyMs;
      timer = setTimeout(() => {
        timer = undefined;
        restsUntilMs = performance.now() + everyMs;
        flush();
      }, waitMs);
    },
    close() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}

/** Passes a value on only when it differs from the last one. */
export function whenChanged<Value>(pass: (value: Value) => void): (value: Value) => void {
  let last: string | undefined;
  return (value) => {
    const now = JSON.stringify(value);
    if (now === last) return;
    last = now;
    pass(value);
  };
}
