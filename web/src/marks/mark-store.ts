import type { Act, Change } from "@verbatim/shared/marks/act";
import { type Marks, marksOf, noMarks } from "@verbatim/shared/marks/marks";
import { CallFailed, codeOf } from "../api/failure.ts";
import { createObservable, type Observable } from "../observable/observable.ts";

/** One's own act on its way to the server; `refused` is the server's sentence when it will never take it. */
export type Kept = { readonly id: string; readonly act: Act; readonly atMs: number; readonly refused?: string };

export type MarksState = {
  /** What the stored acts come to, with one's own that wait after them. */
  readonly marks: Marks;
  /** How many stored acts are known here. */
  readonly seq: number;
  /** Undefined until the server has said it. */
  readonly self: { readonly author: string; readonly corrects: boolean } | undefined;
  readonly waiting: readonly Kept[];
  readonly refused: readonly Kept[];
  /** `offline`: what waits is kept on this device. */
  readonly saved: "saved" | "saving" | "offline";
  /** Grows whenever another transcript took the place of the one that was marked. */
  readonly transcripts: number;
};

export type MarkStore = Observable<MarksState> & {
  /** Shows acts at once, keeps them on this device, and sends them one after another until each is stored. */
  readonly act: (...acts: readonly Act[]) => void;
  /** So many acts there are: fetches what is missing, until it is here. */
  readonly catchUp: (count: number) => void;
  /** Asks once whether there is anything new. */
  readonly look: () => void;
  readonly dismiss: (id: string) => void;
  /** Stops reading. What waits is still sent, as long as the page lives. */
  readonly dispose: () => void;
};

type Read = {
  readonly changes: readonly Change[];
  readonly last: number;
  readonly author: string;
  readonly corrects: boolean;
};

export type MarkDeps = {
  readonly read: (after: number) => Promise<Read>;
  /** Stored when it resolves. The same id may be sent any number of times. */
  readonly send: (said: { id: string; act: Act }) => Promise<Change>;
  /** What this device keeps until it is stored. */
  readonly keep: { load(): readonly Kept[]; put(kept: Kept): void; drop(id: string): void };
  readonly name: string;
  readonly newId: () => string;
  readonly nowMs: () => number;
  readonly wait: (ms: number) => Promise<void>;
};

const AGAIN_MS = 1_000;
/** Above every number that the server gives: one's own acts that wait come last. */
const WAITING_SEQ = 1_000_000;
/** A no to the act itself. Anything else, a session that ended too, is waited for. */
const refusals = new Set([
  "input.invalid",
  "input.too_large",
  "not_found",
  "auth.forbidden",
  "state.conflict",
  "seat.removed",
]);

export function createMarkStore(deps: MarkDeps): MarkStore {
  let stored: readonly Change[] = [];
  let kept: readonly Kept[] = deps.keep.load();
  let self: MarksState["self"];
  let away = false;
  let wanted = 0;
  let reading = false;
  let sending = false;
  let disposed = false;
  const state = createObservable<MarksState>({
    marks: noMarks,
    seq: 0,
    self: undefined,
    waiting: [],
    refused: [],
    saved: "saved",
    transcripts: 0,
  });

  const last = (): number => stored.at(-1)?.seq ?? 0;
  const waiting = (): readonly Kept[] => kept.filter(({ refused }) => refused === undefined);

  const show = (): void => {
    const own = waiting().map(
      ({ id, act, atMs }, n): Change => ({
        id,
        act,
        atMs,
        seq: WAITING_SEQ + n,
        author: self?.author ?? "",
        name: deps.name,
      }),
    );
    state.set({
      marks: marksOf([...own, ...stored]),
      seq: last(),
      self,
      waiting: waiting(),
      refused: kept.filter(({ refused }) => refused !== undefined),
      saved: own.length === 0 ? "saved" : away ? "offline" : "saving",
      transcripts: stored.filter(({ act }) => act.do === "replaced").length,
    });
  };

  const take = (fetched: readonly Change[]): void => {
    stored = [...stored, ...fetched.filter(({ seq }) => seq > last())];
    const known = new Set(fetched.map(({ id }) => id));
    for (const { id } of kept) if (known.has(id)) deps.keep.drop(id);
    kept = kept.filter(({ id }) => !known.has(id));
  };

  const readOnce = async (): Promise<void> => {
    const { changes, last: there, author, corrects } = await deps.read(last());
    if (disposed) return;
    if (self?.author !== author || self.corrects !== corrects) self = { author, corrects };
    wanted = Math.max(wanted, there);
    take(changes);
    show();
  };
  const readOn = async (): Promise<void> => {
    do {
      try {
        await readOnce();
      } catch {
        // Away, or not let in yet: the acts are on the server, and are asked for again.
        await deps.wait(AGAIN_MS);
      }
    } while (!disposed && (last() < wanted || !self));
  };
  const read = (): void => {
    if (reading || disposed) return;
    reading = true;
    void readOn().finally(() => {
      reading = false;
      if (last() < wanted) read();
    });
  };

  const sendOn = async (): Promise<void> => {
    for (let next = waiting()[0]; next; next = waiting()[0]) {
      const { id, act } = next;
      try {
        const change = await deps.send({ id, act });
        away = false;
        deps.keep.drop(id);
        // What lies between is fetched; this one is shown where it stands, so that it never flickers.
        if (change.seq === last() + 1) take([change]);
        else {
          await readUntil(change.seq);
          kept = kept.filter((each) => each.id !== id);
        }
      } catch (thrown) {
        const refused = refusals.has(codeOf(thrown) ?? "") && thrown instanceof CallFailed;
        if (refused) {
          const no = { ...next, refused: thrown.message };
          deps.keep.put(no);
          kept = kept.map((each) => (each.id === id ? no : each));
        } else {
          away = true;
          show();
          await deps.wait(AGAIN_MS);
        }
      }
      show();
    }
  };
  const readUntil = async (seq: number): Promise<void> => {
    wanted = Math.max(wanted, seq);
    while (!disposed && last() < seq) await readOnce();
  };
  const send = (): void => {
    if (sending) return;
    sending = true;
    void sendOn().finally(() => {
      sending = false;
      show();
      // An act may have come while the round ended.
      if (waiting().length > 0) send();
    });
  };

  show();
  read();
  send();
  return {
    get: state.get,
    subscribe: state.subscribe,
    act(...acts) {
      for (const act of acts) {
        const one: Kept = { id: deps.newId(), act, atMs: deps.nowMs() };
        deps.keep.put(one);
        kept = [...kept, one];
      }
      show();
      send();
    },
    catchUp(count) {
      wanted = Math.max(wanted, count);
      if (last() < wanted) read();
    },
    look: read,
    dismiss(id) {
      deps.keep.drop(id);
      kept = kept.filter((each) => each.id !== id);
      show();
    },
    dispose: () => {
      disposed = true;
    },
  };
}
