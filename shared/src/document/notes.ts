import { z } from "zod";
import type { InterviewId } from "../ids.ts";

/**
 * What staff and observers write: Yjs documents over y-websocket's protocol, ticket and Yjs client in the query
 * (`?ticket=&client=`). One socket writes one document as one person under one client.
 *
 *   /notes/{interview}          what they write together
 *   /notes/{interview}/private  what one person writes for themselves; the ticket says whose
 *
 * Above y-websocket's types the page sends `4, n` behind its updates; the server answers `4, n, state vector` when all
 * that came before it is stored. A state vector alone would not do: a deletion leaves it as it is.
 */
export const WhichNotes = z.enum(["shared", "private"]);
export type WhichNotes = z.infer<typeof WhichNotes>;

export const notesPath = (interviewId: InterviewId, which: WhichNotes): string =>
  `/notes/${interviewId}${which === "private" ? "/private" : ""}`;

/** The one root of a notes document, an XML fragment as Tiptap writes it. */
export const NOTES_ROOT = "notes";
/** y-websocket leaves types above 3 to us. */
export const MESSAGE_STORED = 4;

/** Bounds of a notes document; whoever breaks one loses their socket, and nobody else notices. */
export const notesLimits = {
  frameBytes: 64 * 1024,
  documentBytes: 2 * 1024 * 1024,
  /** Frames a second, and how many may come at once. A fast typist sends about 30: words, caret and mark. */
  rate: 60,
  burst: 240,
  bytesPerSecond: 64 * 1024,
  bytesAtOnce: 1024 * 1024,
} as const;

/** Who somebody is to the others in the document, by their ticket; nobody says it of themselves. */
export const NotesUser = z.object({ name: z.string(), color: z.string(), seatId: z.string().nullable() });
export type NotesUser = z.infer<typeof NotesUser>;

const Clock = z
  .int()
  .min(0)
  .max(2 ** 32);
const Id = z.strictObject({ client: Clock, clock: Clock });
const Place = z.strictObject({
  type: Id.nullish(),
  tname: z.literal(NOTES_ROOT).nullish(),
  item: Id.nullish(),
  assoc: z.int().min(-1).max(1).optional(),
});
/** Where somebody's caret is. Anything else in it would be drawn, or looked up, by every other page. */
export const NotesCursor = z.strictObject({ anchor: Place, head: Place }).nullable();
export type NotesCursor = z.infer<typeof NotesCursor>;
