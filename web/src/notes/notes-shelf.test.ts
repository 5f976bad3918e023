import { expect, it } from "vitest";
import { createObservable } from "../observable/observable.ts";
import type { Notes, NotesState } from "./follow-notes.ts";
import { createNotesShelf } from "./notes-shelf.ts";

function notes(saved: boolean) {
  const state = createObservable({ saved } as NotesState);
  const done: string[] = [];
  const made = { ...state, hurry: () => void done.push("hurry"), dispose: () => void done.push("dispose") };
  return { made: made as unknown as Notes, done, store: () => state.set({ saved: true } as NotesState) };
}

it("after the call only shared notes that are not stored go on, and are let go once they are", async () => {
  const shelf = createNotesShelf();
  const [shared, own] = [notes(false), notes(false)];
  shelf.take("shared", () => shared.made);
  shelf.take("private", () => own.made);
  shelf.finish();
  expect(shelf.last.get()).toBe(shared.made);
  expect(own.done).toEqual(["dispose"]);
  expect(shared.done).toEqual(["hurry"]);
  shared.store();
  await Promise.resolve();
  shelf.dispose();
  expect(shared.done).toEqual(["hurry", "dispose"]);
  // Still there to say that it is stored.
  expect(shelf.last.get()?.get().saved).toBe(true);
});

it("what was stored when the call ended needs no page any more", () => {
  const shelf = createNotesShelf();
  const shared = notes(true);
  shelf.take("shared", () => shared.made);
  shelf.finish();
  expect(shelf.last.get()).toBeUndefined();
  expect(shared.done).toEqual(["dispose"]);
});
