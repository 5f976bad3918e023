import * as encoding from "lib0/encoding";
import * as Y from "yjs";

const STEP_1 = Uint8Array.of(0, 0, 1, 0);

const sync = (step: number, update: Uint8Array): Uint8Array =>
  encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, 0);
    encoding.writeVarUint(encoder, step);
    encoding.writeVarUint8Array(encoder, update);
  });

/** What somebody wrote who may not write: a whole document, and an update whose forerunner is withheld. */
function forged(): { readonly whole: Uint8Array; readonly withheld: Uint8Array } {
  const doc = new Y.Doc();
  doc.getArray("transcript").push(["forged", "seat", "I never said this", new Uint8Array()]);
  const before = Y.encodeStateVector(doc);
  doc.getArray("transcript").push(["forged too", "seat", "nor this", new Uint8Array()]);
  return { whole: Y.encodeStateAsUpdate(doc), withheld: Y.encodeStateAsUpdate(doc, before) };
}
const { whole, withheld } = forged();

/** Presence of another client, under another name. */
const presence = encoding.encode((encoder) => {
  encoding.writeVarUint(encoder, 1);
  encoding.writeVarUint8Array(
    encoder,
    encoding.encode((inner) => {
      for (const n of [1, 7, 99]) encoding.writeVarUint(inner, n);
      encoding.writeVarString(inner, '{"user":{"name":"The host"}}');
    }),
  );
});

/** A step 1 that names another document first, as a protocol with several documents on one socket does. */
const second = encoding.encode((encoder) => {
  encoding.writeVarString(encoder, "live/20000000-0000-4000-8000-000000000009");
  encoding.writeUint8Array(encoder, STEP_1);
});

/** What a server tells beside the document. */
const words = encoding.encode((encoder) => {
  encoding.writeVarUint(encoder, 5);
  encoding.writeVarUint(encoder, 1);
  encoding.writeVarString(encoder, '[["seat",{"startMs":1,"text":"I never said this"}]]');
});

/** Frames that no honest reader sends, and the code with which they close; undefined: the socket stays, and nobody hears of it. */
export const hostileFrames: readonly (readonly [string, Uint8Array, number | undefined])[] = [
  ["an update", sync(2, whole), 4403],
  ["a step 2", sync(1, whole), 4403],
  ["an update behind padded varints", Uint8Array.of(0x80, 0x80, 0, 0x82, 0x80, 0, ...sync(2, whole).subarray(2)), 4403],
  ["an update whose forerunner is withheld", sync(2, withheld), 4403],
  ["a second document", second, 4400],
  ["a state vector of 2^31 clients", Uint8Array.of(0, 0, 5, 255, 255, 255, 255, 7), 4400],
  ["words of now", words, 4400],
  ["another's presence", presence, undefined],
];

const honest = [STEP_1, presence, presence, presence, Uint8Array.of(3), ...hostileFrames.map(([, frame]) => frame)];

/** One of these frames with up to four changes: a bit, a byte more or less, a padded varint, an end cut off, a half doubled. */
export function mutated(random: () => number): Uint8Array {
  const below = (n: number): number => Math.floor(random() * n);
  let bytes = [...(honest[below(honest.length)] ?? [])];
  for (let changes = 1 + below(4); changes > 0; changes--) {
    const at = below(bytes.length + 1);
    switch (below(6)) {
      case 0:
        bytes[Math.min(at, bytes.length - 1)] = (bytes[at] ?? 0) ^ (1 << below(8));
        break;
      case 1:
        bytes.splice(at, 0, below(256));
        break;
      case 2:
        bytes.splice(at, 1);
        break;
      case 3:
        bytes.splice(at, 1, (bytes[at] ?? 0) | 0x80, 0);
        break;
      case 4:
        bytes = bytes.slice(0, at);
        break;
      default:
        bytes = [...bytes, ...bytes.slice(at)];
    }
  }
  return Uint8Array.from(bytes);
}

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
