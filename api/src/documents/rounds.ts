type Waiting<Change, Stored> = { readonly change: Change; readonly done: PromiseWithResolvers<Stored> };
type Refuse = (cause: unknown) => void;

export type Rounds<Change, Stored> = {
  /** Takes part in the next round. Resolves when the change is stored; rejects with why it was refused. */
  add(change: Change): Promise<Stored>;
  /** Looks at the copy when it is exactly what is stored. */
  read<Seen>(look: () => Seen): Promise<Seen>;
  /** Nothing waits to be written or read. */
  readonly idle: boolean;
  /** Resolves when everything that was added is stored. */
  end(): Promise<void>;
};

/**
 * How a document is written: one round at a time applies what waits, stores it, then announces it. Nothing is applied while a
 * round is being stored, so between rounds the copy is exactly what is stored, and that is when readers are answered. A reader
 * therefore never holds an update that a crash could take back (later ones would hang pending in it).
 */
export function createRounds<Change, Stored>(document: {
  /** Waits for what else may come; what has come by then is one round. */
  readonly pace: () => Promise<unknown>;
  /** One update that holds all of them, or undefined when nothing changed. */
  readonly apply: (
    round: readonly (readonly [Change, Refuse])[],
  ) => Uint8Array | undefined | Promise<Uint8Array | undefined>;
  /** Does not give up. */
  readonly store: (update: Uint8Array) => Promise<void>;
  readonly announce: (update: Uint8Array) => void;
  /** What they hear whose changes are stored now. */
  readonly stored: () => Stored;
  /** Once a round's readers were answered, and before the next. Does not throw. */
  readonly afterwards?: () => Promise<void>;
}): Rounds<Change, Stored> {
  let waiting: Waiting<Change, Stored>[] = [];
  let readers: (() => void)[] = [];
  let round: Promise<void> | undefined;

  const answerReaders = (): void => {
    const now = readers;
    readers = [];
    for (const read of now) read();
  };

  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      await document.pace();
      const batch = waiting;
      waiting = [];
      const update = await document.apply(batch.map(({ change, done }) => [change, done.reject]));
      if (update) {
        await document.store(update);
        document.announce(update);
      }
      const stored = document.stored();
      // Those that were refused have their answer.
      for (const { done } of batch) done.resolve(stored);
      answerReaders();
      await document.afterwards?.();
    }
  };

  const begin = (): void => {
    round ??= run().finally(() => {
      round = undefined;
      answerReaders();
      // What was added by whoever waited for the last round came before this line: it still needs its own.
      if (waiting.length > 0) begin();
    });
  };

  return {
    add(change) {
      const done = Promise.withResolvers<Stored>();
      waiting.push({ change, done });
      begin();
      return done.promise;
    },
    read<Seen>(look: () => Seen) {
      const seen = Promise.withResolvers<Seen>();
      const read = (): void => {
        try {
          seen.resolve(look());
        } catch (cause) {
          seen.reject(cause);
        }
      };
      if (round) readers.push(read);
      else read();
      return seen.promise;
    },
    get idle() {
      return round === undefined && waiting.length === 0;
    },
    async end() {
      while (round) await round;
    },
  };
}
