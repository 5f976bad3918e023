/** What is known of a stored object. */
export type StoredObject = { readonly key: string; readonly bytes: number };

/**
 * Where recordings live. Two drivers: local disk and S3. Keys are `/`-separated and never overwritten:
 * `put` on a key that exists answers `exists` when the content is the same and throws `StoreConflict` when not.
 * Every method throws on failure; callers retry. Deadlines are the caller's signal.
 */
export type Store = {
  /** Durable when it resolves, and its SHA-256 (hex) was checked by the store. */
  put(
    key: string,
    content: Uint8Array,
    options: { readonly sha256: string; readonly contentType: string; readonly signal?: AbortSignal },
  ): Promise<"stored" | "exists">;
  /** The whole object, or bytes [start, end] inclusive. Throws `StoreMissing` when it is not there. */
  get(
    key: string,
    options?: { readonly range?: { readonly start: number; readonly end: number }; readonly signal?: AbortSignal },
  ): Promise<Uint8Array>;
  /** A stream for serving; the same range rule. */
  stream(
    key: string,
    options?: { readonly range?: { readonly start: number; readonly end: number }; readonly signal?: AbortSignal },
  ): Promise<ReadableStream<Uint8Array>>;
  head(key: string): Promise<StoredObject | undefined>;
  list(prefix: string): AsyncIterable<StoredObject>;
  delete(key: string): Promise<void>;
  /** Proves that writing, reading back, refusing to overwrite and deleting work now; throws with a sentence for operators. */
  probe(): Promise<void>;
};

export class StoreMissing extends Error {
  override readonly name = "StoreMissing";
}

/** Another content lies under this key: a bug or a hostile writer, never to be resolved by overwriting. */
export class StoreConflict extends Error {
  override readonly name = "StoreConflict";
}
