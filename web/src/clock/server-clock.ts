/** As many as arrive in some ten seconds of a running recording. */
const KEPT = 8;

/** What to add to this page's clock to get the server's, by the last few moments that the server named. */
export type ServerClock = { readonly offsets: readonly number[]; readonly offsetMs: number };

export const noServerClock: ServerClock = { offsets: [], offsetMs: 0 };

/**
 * The server said `serverMs`, which was heard at `heardMs` of this page's clock. Of the last ones the largest offset
 * counts: a message that waited on its way only makes the server seem earlier, and old figures fresh.
 */
export function hearServer({ offsets }: ServerClock, serverMs: number, heardMs: number): ServerClock {
  const kept = [...offsets, serverMs - heardMs].slice(-KEPT);
  return { offsets: kept, offsetMs: Math.max(...kept) };
}
