import type { PicturePiece } from "@verbatim/shared/api/pictures";
import { createObservable, type Observable } from "../../observable/observable.ts";
import type { Playback } from "../playback.ts";
import { createDeck, type Deck } from "./deck.ts";
import { pieceAfter, pieceAt } from "./piece-at.ts";

/** `none`: nothing is held of this moment. `loading`: it is, and the file is on its way. */
export type Showing = "none" | "loading" | "shown";

/** Shows one camera or screen as its sound plays. */
export type PictureScreen = {
  readonly showing: Observable<Showing>;
  readonly attach: (elements: readonly [HTMLVideoElement, HTMLVideoElement]) => () => void;
  /** More pieces may come while the page is open. */
  readonly pieces: (pieces: readonly PicturePiece[]) => void;
};

/** The next piece is asked for so long before it is wanted. */
const AHEAD_MS = 10_000;

/**
 * Plays the stored files one after another in two elements: one shows, the other has the next file ready, so that no
 * browser must join files. Every browser plays these files alone, in whatever codec each was sent.
 */
export function createPictureScreen(playback: Playback): PictureScreen {
  const showing = createObservable<Showing>("none");
  let pieces: readonly PicturePiece[] = [];
  let decks: [Deck, Deck] | undefined;

  const follow = (): void => {
    if (!decks) return;
    const atMs = playback.nowMs();
    const { playing, rate } = playback.state.get();
    let [front, back] = decks;
    const piece = pieceAt(pieces, atMs, front.piece);
    const next = pieceAfter(pieces, atMs, piece);
    if (piece && back.piece?.key === piece.key) {
      front.rest();
      [front, back] = decks = [back, front];
      front.show(true);
      back.show(false);
    }
    if (piece) {
      front.load(piece);
      front.follow(atMs, playing, rate);
    } else front.rest();
    if (next && next.startMs - atMs < AHEAD_MS) back.load(next);
    showing.set(piece ? (front.ready ? "shown" : "loading") : "none");
  };

  return {
    showing,
    pieces(given) {
      pieces = given;
      follow();
    },
    attach(elements) {
      const [front, back] = elements.map((element) => createDeck(element, follow));
      if (!front || !back) return () => undefined;
      decks = [front, back];
      front.show(true);
      back.show(false);
      let frame = 0;
      const eachFrame = (): void => {
        follow();
        frame = playback.state.get().playing ? requestAnimationFrame(eachFrame) : 0;
      };
      const changed = (): void => {
        if (frame === 0) eachFrame();
      };
      const offs = [playback.state.subscribe(changed), playback.position.subscribe(changed)];
      changed();
      return () => {
        cancelAnimationFrame(frame);
        for (const off of offs) off();
        decks = undefined;
        front.dispose();
        back.dispose();
        showing.set("none");
      };
    },
  };
}
