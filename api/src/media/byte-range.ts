/** Bytes [start, end], both included. */
export type ByteRange = { readonly start: number; readonly end: number };

/**
 * What a Range header asks of an object: a part, the whole (no header, or one we need not understand), or something
 * that is not there. Several ranges at once are answered with the whole, as the standard allows.
 */
export function byteRange(header: string, bytes: number): ByteRange | "whole" | "unsatisfiable" {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header.trim()) ?? [];
  if (from === undefined || to === undefined || (from === "" && to === "")) return "whole";
  if (from === "") {
    const last = Math.min(bytes, Number(to));
    return last === 0 ? "unsatisfiable" : { start: bytes - last, end: bytes - 1 };
  }
  const start = Number(from);
  const end = to === "" ? bytes - 1 : Math.min(Number(to), bytes - 1);
  if (to !== "" && Number(to) < start) return "whole"; // Not a valid range: the header is to be ignored.
  return start < bytes ? { start, end } : "unsatisfiable";
}
