import { sha256Hex } from "./hash.ts";
import { type Store, StoreConflict } from "./store.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Writes, reads back, fails to overwrite, and deletes one small object; throws with what did not work. */
export async function probeStore(store: Omit<Store, "probe">, place: string): Promise<void> {
  const key = `probe/${crypto.randomUUID()}`;
  const step = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      throw new Error(
        `The store (${place}) cannot ${what}: ${cause instanceof Error ? cause.message : String(cause)}`,
        {
          cause,
        },
      );
    }
  };
  const put = (text: string) =>
    store.put(key, encode(text), { sha256: sha256Hex(encode(text)), contentType: "text/plain" });
  await step("be written to", () => put("one"));
  try {
    const read = await step("be read", () => store.get(key));
    if (new TextDecoder().decode(read) !== "one") throw new Error(`The store (${place}) gives back something else.`);
    const second = await put("two").catch((thrown: unknown) => thrown);
    if (!(second instanceof StoreConflict)) throw new Error(`The store (${place}) overwrites what it holds.`);
  } finally {
    await step("delete", () => store.delete(key));
  }
  if (await store.head(key)) throw new Error(`The store (${place}) does not delete.`);
}
