import { fromBase64, toBase64 } from "lib0/buffer";

/** What was typed and is not stored on the server yet, over reloads of this page. Nothing stays here once it is stored. */
export type KeptWords = {
  /** All that pages of this person could not send, this one's too. */
  readonly load: () => readonly Uint8Array[];
  /** Replaces what this page keeps. False where the browser keeps nothing for us. */
  readonly save: (update: Uint8Array) => boolean;
  /** Everything that was loaded or saved here is stored. */
  readonly clear: () => void;
};

type Shelf = Pick<Storage, "getItem" | "key" | "length" | "removeItem" | "setItem">;

/**
 * Not y-indexeddb: it keeps the whole document, other people's words and private ones, in the browser of everybody who ever had
 * it open, and what is typed in the last moment before a crash is still on its way there.
 */
export function keepWords(document: string, storage: () => Shelf): KeptWords {
  const prefix = `verbatim.notes/${document}/`;
  const own = `${prefix}${crypto.randomUUID()}`;
  const held = new Set<string>();
  return {
    load() {
      const updates: Uint8Array[] = [];
      try {
        const shelf = storage();
        const keys = Array.from({ length: shelf.length }, (_, n) => shelf.key(n) ?? "");
        for (const key of keys) {
          const text = key.startsWith(prefix) ? shelf.getItem(key) : null;
          if (text === null) continue;
          held.add(key);
          updates.push(fromBase64(text));
        }
      } catch {
        // This browser gives us no storage, or somebody changed what lay in it: there is nothing to bring back.
      }
      return updates;
    },
    save(update) {
      try {
        storage().setItem(own, toBase64(update));
        held.add(own);
        return true;
      } catch {
        // No storage, or it is full: the page says that it must stay open.
        return false;
      }
    },
    clear() {
      try {
        for (const key of held) storage().removeItem(key);
        held.clear();
      } catch {
        // No storage: nothing was kept.
      }
    },
  };
}
