import { jsonOf } from "@verbatim/shared/json";
import { Act } from "@verbatim/shared/marks/act";
import { z } from "zod";
import { keptUnder } from "./kept-place.ts";
import type { Kept, MarkDeps } from "./mark-store.ts";

const Stored = z.object({ id: z.uuid(), act: Act, atMs: z.number(), refused: z.string().exactOptional() });

/**
 * Keeps acts in the browser until they are stored, one entry each, so that two tabs of a person never overwrite one
 * another's. `place` names interview and person.
 */
export function keepActs(storage: Storage, place: string): MarkDeps["keep"] {
  const prefix = keptUnder(place);
  let made = 0;
  const keys = (): string[] =>
    Array.from({ length: storage.length }, (_, n) => storage.key(n) ?? "").filter((key) => key.startsWith(prefix));
  const keyOf = (id: string): string | undefined => keys().find((key) => key.endsWith(`:${id}`));
  return {
    load: () =>
      keys()
        .toSorted()
        .flatMap((key): Kept[] => {
          const parsed = Stored.safeParse(jsonOf(storage.getItem(key) ?? ""));
          return parsed.success ? [parsed.data] : [];
        }),
    put(kept) {
      const stamp = String(kept.atMs).padStart(15, "0");
      const key = keyOf(kept.id) ?? `${prefix}${stamp}:${String(made++).padStart(6, "0")}:${kept.id}`;
      try {
        storage.setItem(key, JSON.stringify(kept));
      } catch {
        // The browser's storage is full or closed to us: it is kept on the page, and sent from there.
      }
    },
    drop(id) {
      const key = keyOf(id);
      if (key !== undefined) storage.removeItem(key);
    },
  };
}
