import { sep } from "node:path";

/** Segments that mean the same on every store and file system; none begins with a dot, so none is hidden or a parent. */
const KEY = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/;
const MAX_KEY = 400;

/** Throws unless a key is one we write ourselves: no parent, no hidden file, no absolute path. */
export function checkKey(key: string): void {
  if (key.length > MAX_KEY || !KEY.test(key))
    throw new RangeError(`Not a store key: ${JSON.stringify(key.slice(0, 100))}`);
}

/** A prefix is a key, or the beginning of one up to a `/`; empty means everything. */
export function checkPrefix(prefix: string): void {
  if (prefix !== "") checkKey(prefix.endsWith("/") ? prefix.slice(0, -1) : prefix);
}

export const asPath = (key: string): string => key.split("/").join(sep);
