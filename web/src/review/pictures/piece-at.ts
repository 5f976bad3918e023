import type { PicturePiece } from "@verbatim/shared/api/pictures";

/**
 * The stored file that shows a position, or undefined where none does. Pieces of two recorders may overlap: the one
 * that is shown already stays as long as it can, else the one that lasts longest is taken.
 */
export function pieceAt(pieces: readonly PicturePiece[], atMs: number, shown?: PicturePiece): PicturePiece | undefined {
  const fit = pieces.filter(
    ({ startMs, endMs, gaps }) =>
      startMs <= atMs && atMs < endMs && !gaps.some((gap) => gap.startMs <= atMs && atMs < gap.endMs),
  );
  return fit.find(({ key }) => key === shown?.key) ?? fit.toSorted((a, b) => b.endMs - a.endMs)[0];
}

/** What will be shown after `piece`, or after `atMs` where nothing is: to be loaded before it is wanted. */
export function pieceAfter(
  pieces: readonly PicturePiece[],
  atMs: number,
  piece: PicturePiece | undefined,
): PicturePiece | undefined {
  const fromMs = piece?.endMs ?? atMs;
  const next = pieceAt(pieces, fromMs);
  if (next) return next;
  return pieces.filter(({ startMs }) => startMs > fromMs).toSorted((a, b) => a.startMs - b.startMs)[0];
}
