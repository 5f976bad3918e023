import type { Entry } from "@verbatim/shared/api/call";
import { readMessages, sendMessage } from "@verbatim/shared/api/chat";
import type { SeatId } from "@verbatim/shared/ids";
import { createContext, useContext } from "react";
import { call } from "../api/call.ts";
import { createObservable, type Observable } from "../observable/observable.ts";
import { useObservable } from "../observable/use-observable.ts";
import { type ChatLog, type ChatState, createChatLog } from "./chat-log.ts";

/** A person's chat: the log, and, kept over a reload, up to where they have read it and what they were writing. */
export type Chat = {
  readonly log: ChatLog;
  readonly readUntil: Observable<number>;
  readonly markRead: (seq: number) => void;
  /** Not sent yet. The chat may be closed meanwhile, or stand elsewhere on a screen that was turned. */
  readonly draft: Observable<string>;
  readonly write: (text: string) => void;
  readonly dispose: () => void;
};

export const ChatContext = createContext<Chat | undefined>(undefined);

export function createChat({ interviewId, role, seatId, person = `seat:${seatId}` }: Entry): Chat {
  const params = { interviewId, role };
  const log = createChatLog({
    read: async (after, signal) =>
      (await call(readMessages, undefined, { params: { ...params, seq: String(after) }, signal })).messages,
    send: (message, signal) => call(sendMessage, message, { params, signal, timeoutMs: 5_000 }),
    newId: () => crypto.randomUUID(),
    wait: (ms, signal) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        signal.addEventListener("abort", () => {
          clearTimeout(timer);
          resolve();
        });
      }),
  });
  const keyOf = (what: string): string => `chat-${what}:${interviewId}:${person}`;
  const readUntil = createObservable(Number(sessionStorage.getItem(keyOf("read")) ?? 0));
  const draft = createObservable(sessionStorage.getItem(keyOf("draft")) ?? "");
  return {
    log,
    readUntil,
    markRead(seq) {
      if (seq <= readUntil.get()) return;
      readUntil.set(seq);
      sessionStorage.setItem(keyOf("read"), String(seq));
    },
    draft,
    write(text) {
      draft.set(text);
      if (text === "") sessionStorage.removeItem(keyOf("draft"));
      else sessionStorage.setItem(keyOf("draft"), text);
    },
    dispose: log.dispose,
  };
}

export type ChatView = ChatState & {
  readonly chat: Chat;
  /** Others' messages that this person has not seen yet. */
  readonly unread: ChatState["messages"];
};

export function useChat(self: SeatId): ChatView {
  const chat = useContext(ChatContext);
  if (!chat) throw new Error("Outside of a call.");
  const state = useObservable(chat.log);
  const readUntil = useObservable(chat.readUntil);
  const unread = state.messages.filter(({ seq, seatId }) => seq > readUntil && seatId !== self);
  return { ...state, chat, unread };
}
