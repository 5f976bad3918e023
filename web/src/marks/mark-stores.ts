import { mark, markInCall, readMarks, readMarksInCall } from "@verbatim/shared/api/marks";
import type { Entry } from "@verbatim/shared/api/call";
import { call } from "../api/call.ts";
import { keepActs } from "./keep-acts.ts";
import { marksPlace } from "./kept-place.ts";
import { createMarkStore, type MarkDeps, type MarkStore } from "./mark-store.ts";

const SEND_MS = 8_000;
/** A page after the call asks this often whether somebody else wrote something. */
const LOOK_MS = 2_000;

const here: Pick<MarkDeps, "newId" | "nowMs" | "wait"> = {
  newId: () => crypto.randomUUID(),
  nowMs: Date.now,
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** In the call: the live document says how many acts there are. */
export function marksInCall(entry: Entry): MarkStore {
  const { interviewId, role, name } = entry;
  const params = { interviewId, role };
  return createMarkStore({
    ...here,
    name,
    read: (after) => call(readMarksInCall, undefined, { params: { ...params, seq: String(after) } }),
    send: (said) => call(markInCall, said, { params, timeoutMs: SEND_MS }),
    keep: keepActs(localStorage, marksPlace(entry)),
  });
}

/** When the call is over, for who came by a link: sends what this device still keeps. Nothing can be read any more. */
export function lastMarks(entry: Entry): MarkStore {
  const store = marksInCall(entry);
  store.dispose();
  return store;
}

/** On the interview's page. */
export function marksAfterCall(interviewId: string, me: { readonly userId: string; readonly name: string }): MarkStore {
  const params = { interviewId };
  const store = createMarkStore({
    ...here,
    name: me.name,
    read: (after) => call(readMarks, undefined, { params: { ...params, seq: String(after) } }),
    send: (said) => call(mark, said, { params, timeoutMs: SEND_MS }),
    keep: keepActs(localStorage, `${interviewId}:user:${me.userId}`),
  });
  const looking = setInterval(() => {
    if (!document.hidden) store.look();
  }, LOOK_MS);
  return {
    ...store,
    dispose() {
      clearInterval(looking);
      store.dispose();
    },
  };
}
