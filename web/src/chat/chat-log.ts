import type { ChatMessage } from "@verbatim/shared/api/chat";
import { worthRetrying } from "../api/failure.ts";
import { createObservable, type Observable } from "../observable/observable.ts";

/** One's own message on its way. `failed`: it waits for a press on "Send again". */
export type Unsent = { readonly id: string; readonly text: string; readonly failed: boolean };

export type ChatState = {
  /** In the order in which the server stored them, without holes. */
  readonly messages: readonly ChatMessage[];
  readonly unsent: readonly Unsent[];
};

export type ChatLog = Observable<ChatState> & {
  /** So many messages there are by the room's word: fetches what is missing, until it is here. */
  readonly catchUp: (count: number) => void;
  readonly say: (text: string) => void;
  readonly again: (id: string) => void;
  readonly dispose: () => void;
};

export type ChatDeps = {
  readonly read: (after: number, signal: AbortSignal) => Promise<readonly ChatMessage[]>;
  /** Stored when it resolves. The same id may be sent any number of times. */
  readonly send: (message: { id: string; text: string }, signal: AbortSignal) => Promise<ChatMessage>;
  readonly newId: () => string;
  /** Resolves after so many ms. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
};

const AGAIN_MS = 1_000;
/** A person sees a message as not sent after this many tries, a second apart. */
const TRIES = 8;

/** The chat as this page has it: reads what the room counts, sends until it is stored. */
export function createChatLog(deps: ChatDeps): ChatLog {
  const state = createObservable<ChatState>({ messages: [], unsent: [] });
  const disposed = new AbortController();
  const { signal } = disposed;
  let wanted = 0;
  let reading = false;

  const last = (): number => state.get().messages.at(-1)?.seq ?? 0;

  const take = (fetched: readonly ChatMessage[]): void => {
    const { messages, unsent } = state.get();
    const fresh = fetched.filter(({ seq }) => seq > last());
    const stored = new Set(fresh.map(({ id }) => id));
    state.set({ messages: [...messages, ...fresh], unsent: unsent.filter(({ id }) => !stored.has(id)) });
  };

  const readOn = async (): Promise<void> => {
    while (last() < wanted && !signal.aborted) {
      try {
        take(await deps.read(last(), signal));
      } catch {
        // Whatever it was, away or not let in yet: the messages are on the server, and are asked for again.
        if (!signal.aborted) await deps.wait(AGAIN_MS, signal);
      }
    }
  };

  const catchUp = (count: number): void => {
    wanted = Math.max(wanted, count);
    if (reading || last() >= wanted) return;
    reading = true;
    void readOn().finally(() => {
      reading = false;
      // The last word of a round may have come while it ended.
      if (!signal.aborted && last() < wanted) catchUp(wanted);
    });
  };

  const mark = (id: string, failed: boolean): void => {
    const { messages, unsent } = state.get();
    state.set({ messages, unsent: unsent.map((each) => (each.id === id ? { ...each, failed } : each)) });
  };

  const sendOn = async (message: { id: string; text: string }): Promise<void> => {
    for (let tries = 1; !signal.aborted; tries++) {
      try {
        const { seq } = await deps.send(message, signal);
        return catchUp(seq);
      } catch (thrown) {
        if (signal.aborted) return;
        if (!worthRetrying(thrown) || tries >= TRIES) return mark(message.id, true);
        await deps.wait(AGAIN_MS, signal);
      }
    }
  };

  return {
    get: state.get,
    subscribe: state.subscribe,
    catchUp,
    say(text) {
      const message = { id: deps.newId(), text };
      const { messages, unsent } = state.get();
      state.set({ messages, unsent: [...unsent, { ...message, failed: false }] });
      void sendOn(message);
    },
    again(id) {
      const message = state.get().unsent.find((each) => each.id === id && each.failed);
      if (!message) return;
      mark(id, false);
      void sendOn({ id, text: message.text });
    },
    dispose: () => disposed.abort(),
  };
}
