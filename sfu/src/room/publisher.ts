/** Calls `flush` at most once per `everyMs`, and always after the last `touch`. */
export type Publisher = { touch(): void; close(): void };

export function createPublisher(everyMs: number, flush: () => void): Publisher {
  let timer: NodeJS.Timeout | undefined;
  return {
    touch() {
      timer ??= setTimeout(() => {
        timer = undefined;
        flush();
      }, everyMs);
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
