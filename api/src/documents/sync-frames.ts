import * as encoding from "lib0/encoding";

/** y-websocket's message types, as the stock client sends and reads them. */
export const MESSAGE_SYNC = 0;
export const MESSAGE_AWARENESS = 1;
export const MESSAGE_QUERY_AWARENESS = 3;
export const SYNC_STEP_1 = 0;
export const SYNC_STEP_2 = 1;
export const SYNC_UPDATE = 2;

/** A Yjs update that holds nothing: no structs, no deletions. */
export const EMPTY_UPDATE = Uint8Array.of(0, 0);

const syncFrame = (step: number, payload: Uint8Array): Uint8Array => {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MESSAGE_SYNC);
  encoding.writeVarUint(encoder, step);
  encoding.writeVarUint8Array(encoder, payload);
  return encoding.toUint8Array(encoder);
};

/** Asks a page for what it has and this document lacks. */
export const step1Frame = (stateVector: Uint8Array): Uint8Array => syncFrame(SYNC_STEP_1, stateVector);
/** The answer to a client's step 1: everything stored that it does not have. */
export const step2Frame = (update: Uint8Array): Uint8Array => syncFrame(SYNC_STEP_2, update);
export const updateFrame = (update: Uint8Array): Uint8Array => syncFrame(SYNC_UPDATE, update);
/** Keeps the stock client from dropping a socket that is silent for 30 s; pings do not count for it. */
export const keepAliveFrame: Uint8Array = updateFrame(EMPTY_UPDATE);
