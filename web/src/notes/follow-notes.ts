import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { MESSAGE_STORED, NotesUser, notesLimits } from "@verbatim/shared/document/notes";
import { errorTable } from "@verbatim/shared/errors";
import { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { type DocumentTicket, keepConnected } from "../document/keep-connected.ts";
import { createObservable, type Observable } from "../observable/observable.ts";
import { type KeptWords, keepWords } from "./kept-words.ts";
import { notesText } from "./notes-text.ts";

export type NotesState = {
  /** `lost`: one writes on, and it is sent when the network is back. `full`, `refused`: nothing more is taken. */
  readonly connection: "connecting" | "live" | "lost" | "full" | "refused";
  /** The document has come once: there is something to write in. */
  readonly ready: boolean;
  /** Everything typed here is stored, by the server's word. */
  readonly saved: boolean;
  /** What is not stored is kept in this browser, over a reload. */
  readonly kept: boolean;
  /** More waits than goes in one frame: first this must be sent. */
  readonly crowded: boolean;
  /** Who else has it open, by the server's word. */
  readonly others: readonly NotesUser[];
};

export type Notes = Observable<NotesState> & {
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  /** Tries at once, not at the next turn. */
  readonly hurry: () => void;
  /** Whether so many bytes more still fit in the frame that what waits is sent in. */
  readonly hasRoomFor: (bytes: number) => boolean;
  /** All of it as this page has it, to be taken along. */
  readonly text: () => string;
  /** Forgets what could not be stored. */
  readonly discard: () => void;
  readonly dispose: () => void;
};

export type NotesDeps = {
  readonly takeTicket: (signal: AbortSignal) => Promise<DocumentTicket & { readonly person: string }>;
  readonly storage?: () => Storage;
};

/** A pause in typing after which the server is asked whether all is stored. */
const MARK_MS = 100;
/** Typed words are in the browser's storage within this, where the server has not answered first. */
const KEEP_MS = 250;
/** What waits is sent in one frame; the rest of it is for the frame's head and the deletions. */
const MOST_WAITING_BYTES = notesLimits.frameBytes - 8 * 1024;

/** Follows and writes one document of notes. */
export function followNotes({ takeTicket, storage = () => localStorage }: NotesDeps): Notes {
  const doc = new Y.Doc();
  const awareness = new Awareness(doc);
  const state = createObservable<NotesState>({
    connection: "connecting",
    ready: false,
    saved: true,
    kept: true,
    crowded: false,
    others: [],
  });
  const disposed = new AbortController();
  let words: KeptWords | undefined;
  let marking: ReturnType<typeof setTimeout> | undefined;
  let keeping: ReturnType<typeof setTimeout> | undefined;
  /** Changes made here, and how far the server was asked about them. */
  let made = 0;
  let storedVector: Uint8Array | undefined;

  const change = (part: Partial<NotesState>): void => state.set({ ...state.get(), ...part });

  const sendMark = (): void => {
    clearTimeout(marking);
    marking = undefined;
    const { provider } = connection;
    if (!provider?.synced || provider.ws?.readyState !== WebSocket.OPEN) return;
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, MESSAGE_STORED);
    encoding.writeVarUint(encoder, made);
    provider.ws.send(encoding.toUint8Array(encoder) as Uint8Array<ArrayBuffer>);
  };
  const onStored = (mark: number, vector: Uint8Array): void => {
    storedVector = vector;
    // A client's clock counts what it typed; what it deleted is behind the mark alone.
    const typed = Y.decodeStateVector(vector).get(doc.clientID) ?? 0;
    if (mark < made || typed < Y.getState(doc.store, doc.clientID)) return;
    clearTimeout(keeping);
    keeping = undefined;
    words?.clear();
    change({ saved: true, kept: true, crowded: false });
  };
  const waitingNow = (): Uint8Array => Y.encodeStateAsUpdate(doc, storedVector);
  const keep = (): void => {
    clearTimeout(keeping);
    keeping = undefined;
    if (state.get().saved || !words) return;
    const waiting = waitingNow();
    change({ kept: words.save(waiting), crowded: waiting.length > MOST_WAITING_BYTES });
  };

  doc.on("update", (_update: Uint8Array, origin: unknown) => {
    if (origin === connection.provider) return;
    made++;
    change({ saved: false });
    marking ??= setTimeout(sendMark, MARK_MS);
    keeping ??= setTimeout(keep, KEEP_MS);
  });
  const leaving = (): void => (state.get().saved ? undefined : keep());
  globalThis.addEventListener?.("pagehide", leaving, { signal: disposed.signal });

  awareness.on("change", () => {
    const others = [...awareness.getStates()]
      .filter(([client]) => client !== doc.clientID)
      .map(([, { user }]) => NotesUser.safeParse(user).data)
      .filter((user) => user !== undefined);
    change({ others: [...new Map(others.map((user) => [user.name + user.color, user])).values()] });
  });

  const connection = keepConnected(doc, {
    takeTicket,
    awareness,
    params: () => ({ client: String(doc.clientID) }),
    onOpening: (provider, { url, person }) => {
      words = keepWords(`${new URL(url).pathname.slice(1)}/${person}`, storage);
      provider.messageHandlers[MESSAGE_STORED] = (_encoder, decoder) =>
        onStored(decoding.readVarUint(decoder), decoding.readVarUint8Array(decoder));
    },
    onSynced: () => {
      if (!state.get().ready) {
        storedVector = Y.encodeStateVector(doc);
        // Only now: their beginnings are in the document, and nothing of them hangs in the air.
        for (const update of words?.load() ?? []) Y.applyUpdate(doc, update, "kept");
      }
      change({ connection: "live", ready: true });
      sendMark();
    },
    onLost: () => change({ connection: "lost" }),
    onRefused: (code) => change({ connection: code === errorTable["input.too_large"].close ? "full" : "refused" }),
  });
  return {
    get: state.get,
    subscribe: state.subscribe,
    doc,
    awareness,
    hurry: connection.hurry,
    hasRoomFor: (bytes) => bytes + (state.get().saved ? 0 : waitingNow().length) <= MOST_WAITING_BYTES,
    text: () => notesText(doc),
    discard: () => {
      words?.clear();
      clearTimeout(keeping);
      change({ saved: true });
    },
    dispose: () => {
      leaving();
      disposed.abort();
      for (const timer of [marking, keeping]) clearTimeout(timer);
      connection.dispose();
      awareness.destroy();
      doc.destroy();
    },
  };
}
