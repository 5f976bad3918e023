import { expect, it } from "vitest";
import * as Y from "yjs";
import { talkForAnHour } from "../../test/hour-of-talk.ts";

it("an hour with 9,000 words and 4,500 times the recording's figures takes at most 140 kB", () => {
  const doc = new Y.Doc();
  talkForAnHour(doc);
  expect(doc.getArray("transcript").length).toBe(750);
  expect(doc.getMap("meta").get("recording")).toMatchObject({ lamp: "safe" });
  expect(Y.encodeStateAsUpdate(doc).length).toBeLessThanOrEqual(140_000);
});
