import { createHash } from "node:crypto";
import { type Store, StoreConflict, StoreMissing } from "@verbatim/hands/store/store";

/** A store in memory that keeps the rules of the real ones; counts what was written. */
export function createMemoryStore(): Store & { readonly objects: Map<string, Uint8Array>; writes: number } {
  const objects = new Map<string, Uint8Array>();
  const find = (key: string): Uint8Array => {
    const content = objects.get(key);
    if (!content) throw new StoreMissing(key);
    return content;
  };
  return {
    objects,
    writes: 0,
    async put(key, content, { sha256 }) {
      if (createHash("sha256").update(content).digest("hex") !== sha256) throw new Error("The SHA-256 does not match");
      const there = objects.get(key);
      if (there) {
        if (Buffer.compare(there, content) !== 0) throw new StoreConflict(key);
        return "exists";
      }
      this.writes++;
      objects.set(key, content.slice());
      return "stored";
    },
    get: async (key, options) => {
      const { range } = options ?? {};
      return range ? find(key).subarray(range.start, range.end + 1) : find(key);
    },
    stream: async (key) => new Response(find(key).slice()).body!,
    head: async (key) => {
      const content = objects.get(key);
      return content && { key, bytes: content.length };
    },
    async *list(prefix) {
      for (const [key, content] of objects) if (key.startsWith(prefix)) yield { key, bytes: content.length };
    },
    delete: async (key) => void objects.delete(key),
    probe: async () => undefined,
  };
}
