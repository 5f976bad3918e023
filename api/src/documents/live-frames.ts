import * as decoding from "lib0/decoding";
import {
  MESSAGE_AWARENESS,
  MESSAGE_QUERY_AWARENESS,
  MESSAGE_SYNC,
  SYNC_STEP_1,
  SYNC_STEP_2,
  SYNC_UPDATE,
} from "./sync-frames.ts";

/** What a client may have sent. `write` and `bad` close its socket; `ignore` is counted and dropped unread. */
export type ClientFrame =
  | { readonly type: "step1"; readonly stateVector: Uint8Array }
  | { readonly type: "write" }
  | { readonly type: "ignore" }
  | { readonly type: "bad"; readonly why: string };

/**
 * Reads one frame with the library's own decoder. Looking at the first two bytes, as the protocol's
 * document recommends, is passed by a padded varint (80 00 82 00 …), which the library applies as an update.
 */
export function readClientFrame(bytes: Uint8Array): ClientFrame {
  try {
    const decoder = decoding.createDecoder(bytes);
    const type = decoding.readVarUint(decoder);
    if (type === MESSAGE_AWARENESS || type === MESSAGE_QUERY_AWARENESS) return { type: "ignore" };
    if (type !== MESSAGE_SYNC) return { type: "bad", why: `message type ${type} is not known` };
    const step = decoding.readVarUint(decoder);
    if (step === SYNC_STEP_2 || step === SYNC_UPDATE) return { type: "write" };
    if (step !== SYNC_STEP_1) return { type: "bad", why: `sync step ${step} is not known` };
    const stateVector = decoding.readVarUint8Array(decoder);
    if (decoding.hasContent(decoder)) return { type: "bad", why: "bytes follow the state vector" };
    return { type: "step1", stateVector };
  } catch {
    // lib0 throws on every truncated or oversized varint; whatever it was, it is not a frame.
    return { type: "bad", why: "the frame cannot be decoded" };
  }
}

/**
 * A binary message as it goes over the wire from a server, head and all: made once, written to every reader's socket as it
 * is. `ws` would make the head anew for each and hand two pieces to the kernel, for half of what a delivery costs.
 */
export function onTheWire(message: Uint8Array): Buffer {
  const { length } = message;
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + length);
  frame[0] = 0x82;
  if (head === 2) frame[1] = length;
  else if (head === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.set(message, head);
  return frame;
}
