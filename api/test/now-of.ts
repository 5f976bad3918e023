import type { LiveNow } from "@verbatim/shared/document/live";
import type * as Y from "yjs";

/** What a live document says now of the recording ("recording"), or of what a seat is saying. */
export const nowOf = (doc: Y.Doc, about: string): unknown =>
  doc
    .getArray<LiveNow>("now")
    .toArray()
    .find(([of]) => of === about)?.[1];
