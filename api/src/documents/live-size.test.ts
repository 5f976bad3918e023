import { expect, it } from "vitest";
import * as Y from "yjs";
import { talkForAnHour } from "../../test/hour-of-talk.ts";

it("the words of an hour, 9,000 of them and each of them first unfinished, take at most 160 kB", () => {
  const doc = new Y.Doc();
  talkForAnHour(doc);
  expect(doc.getArray("transcript").length).toBe(750);
  expect(Y.encodeStateAsUpdate(doc).length).toBeLessThanOrEqual(160_000);
});
