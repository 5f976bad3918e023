import * as Y from "yjs";
import { NOTES_ROOT } from "@verbatim/shared/document/notes";

/** Deeper than lists in lists that anybody writes, and far from what ends another page's recursion. */
const MOST_DEPTH = 40;

/**
 * What is wrong with what this transaction put into a document of notes, or undefined. Where something stands is known only when
 * it is in its place; an editor that comes upon a text where an element should be throws, and its page shows nothing more.
 */
export function faultOf(transaction: Y.Transaction): string | undefined {
  const { doc, beforeState, afterState } = transaction;
  const { store } = doc;
  if (store.pendingStructs !== null || store.pendingDs !== null) return "Something that it stands on was withheld.";
  if (doc.share.size !== 1 || !doc.share.has(NOTES_ROOT)) return "Only the notes are written here.";
  for (const [client, end] of afterState) {
    const from = beforeState.get(client) ?? 0;
    const structs = from < end ? (store.clients.get(client) ?? []) : [];
    for (let n = from < end ? Y.findIndexSS(structs, from) : 0; n < structs.length; n++) {
      const item = structs[n];
      const fault = item instanceof Y.Item && !item.deleted ? misplaced(item) : undefined;
      if (fault !== undefined) return fault;
    }
  }
  return undefined;
}

function misplaced(item: Y.Item): string | undefined {
  const { parent, content } = item;
  if (item.parentSub !== null) {
    return parent instanceof Y.XmlElement && content instanceof Y.ContentAny
      ? undefined
      : "Only elements have attributes.";
  }
  if (parent instanceof Y.XmlText) {
    return content instanceof Y.ContentString || content instanceof Y.ContentFormat
      ? undefined
      : "A text holds words and formats alone.";
  }
  if (!(parent instanceof Y.XmlFragment) || !(content instanceof Y.ContentType)) return "Words stand in texts alone.";
  if (!(parent instanceof Y.XmlElement) && !(content.type instanceof Y.XmlElement))
    return "A text stands in an element.";
  let depth = 0;
  for (let at: Y.AbstractType<unknown> | null = parent as Y.AbstractType<unknown>; at; depth++) {
    if (depth > MOST_DEPTH) return "Elements stand too deep in one another.";
    at = (at._item?.parent as Y.AbstractType<unknown> | undefined) ?? null;
  }
  return undefined;
}
