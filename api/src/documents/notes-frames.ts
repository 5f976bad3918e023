import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { MESSAGE_STORED, NotesCursor, type NotesUser } from "@verbatim/shared/document/notes";
import { MESSAGE_AWARENESS, MESSAGE_QUERY_AWARENESS, MESSAGE_SYNC, SYNC_STEP_1, SYNC_UPDATE } from "./sync-frames.ts";

/** States in one frame of awareness: the stock client repeats everybody's, and ours is all that is read. */
const MOST_STATES = 100;
const MOST_CLOCK = 2 ** 31;

/** Where a client says its caret is; null when it shows none. Later ones have a higher clock. */
export type Caret = { readonly clock: number; readonly cursor: NotesCursor };
export type Presence = Caret & { readonly client: number; readonly user: NotesUser };

/** What a page that may write may have sent. `bad` closes its socket. */
export type WriterFrame =
  | { readonly type: "step1"; readonly stateVector: Uint8Array }
  /** `answers`: it is all that the page has and we asked for. */
  | { readonly type: "update"; readonly update: Uint8Array; readonly answers: boolean }
  | { readonly type: "presence"; readonly caret: Caret }
  | { readonly type: "mark"; readonly mark: number }
  | { readonly type: "ignore" }
  | { readonly type: "bad"; readonly why: string };

const bad = (why: string): WriterFrame => ({ type: "bad", why });

/** Reads one frame, with the library's own decoder, of the socket that writes under this client. */
export function readWriterFrame(bytes: Uint8Array, client: number): WriterFrame {
  try {
    const decoder = decoding.createDecoder(bytes);
    const frame = read(decoder, client);
    return decoding.hasContent(decoder) && frame.type !== "ignore" ? bad("bytes follow the message") : frame;
  } catch {
    // lib0 throws on every truncated or oversized number; whatever it was, it is not a frame.
    return bad("the frame cannot be decoded");
  }
}

function read(decoder: decoding.Decoder, client: number): WriterFrame {
  const type = decoding.readVarUint(decoder);
  switch (type) {
    case MESSAGE_SYNC: {
      const step = decoding.readVarUint(decoder);
      if (step > SYNC_UPDATE) return bad(`sync step ${step} is not known`);
      const payload = decoding.readVarUint8Array(decoder);
      return step === SYNC_STEP_1
        ? { type: "step1", stateVector: payload }
        : { type: "update", update: payload, answers: step !== SYNC_UPDATE };
    }
    case MESSAGE_AWARENESS:
      return readPresence(decoding.createDecoder(decoding.readVarUint8Array(decoder)), client);
    case MESSAGE_QUERY_AWARENESS:
      return { type: "ignore" };
    case MESSAGE_STORED:
      return { type: "mark", mark: decoding.readVarUint(decoder) };
    default:
      return bad(`message type ${type} is not known`);
  }
}

/** What it says of this client; what it says of others is not read. */
function readPresence(decoder: decoding.Decoder, client: number): WriterFrame {
  const states = decoding.readVarUint(decoder);
  if (states > MOST_STATES) return bad("more states than there are people");
  let own: WriterFrame = { type: "ignore" };
  for (let n = 0; n < states; n++) {
    const of = decoding.readVarUint(decoder);
    const clock = decoding.readVarUint(decoder);
    const state = decoding.readVarString(decoder);
    if (of !== client) continue;
    if (clock > MOST_CLOCK) return bad("a clock is out of range");
    const parsed: unknown = JSON.parse(state);
    const given = typeof parsed === "object" && parsed !== null && "cursor" in parsed ? parsed.cursor : null;
    const cursor = NotesCursor.safeParse(given ?? null);
    if (!cursor.success) return bad("a caret stands nowhere");
    own = { type: "presence", caret: { clock, cursor: cursor.data } };
  }
  return own;
}

/** All that came before this mark is stored. */
export function storedFrame(mark: number, stateVector: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MESSAGE_STORED);
  encoding.writeVarUint(encoder, mark);
  encoding.writeVarUint8Array(encoder, stateVector);
  return encoding.toUint8Array(encoder);
}

/** Who is there and where; who is given without a user has gone. */
export function presenceFrame(all: readonly (Pick<Presence, "client" | "clock"> & Partial<Presence>)[]): Uint8Array {
  const states = encoding.createEncoder();
  encoding.writeVarUint(states, all.length);
  for (const { client, clock, user, cursor } of all) {
    encoding.writeVarUint(states, client);
    encoding.writeVarUint(states, clock);
    encoding.writeVarString(states, JSON.stringify(user ? { user, cursor: cursor ?? null } : null));
  }
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MESSAGE_AWARENESS);
  encoding.writeVarUint8Array(encoder, encoding.toUint8Array(states));
  return encoding.toUint8Array(encoder);
}
