import { createEventClient } from "@verbatim/hands/event-client";
import { getStatus } from "@verbatim/shared/api/status";
import { previewNotice } from "@verbatim/shared/api/notice";
import type { Language } from "@verbatim/shared/languages";
import type { SpeechService } from "@verbatim/shared/speech/service";
import { describe, expect, it } from "vitest";
import { useHarness } from "../../test/harness.ts";
import { until } from "../../test/until.ts";

const { harness, staff } = await useHarness();
const form = { contact: "", keptMonths: 6, recordPicture: false };
const preview = (language: Language) => staff.call(previewNotice, { language }, form);

/** Scribe comes, says what it uses and goes. */
async function scribeSays(speech: SpeechService): Promise<void> {
  const stop = new AbortController();
  await using _scribe = createEventClient({
    url: `ws://127.0.0.1:${harness.api.internalPort}`,
    secret: harness.serviceSecret,
    from: "scribe",
    speech,
    log: harness.quiet,
    signal: stop.signal,
  });
  await until(
    () => staff.call(getStatus, {}, undefined),
    (status) => status.speech.engine === speech.engine,
  );
}

describe("speech recognition in the form", () => {
  it("is none where nobody set one up, and what scribe says it uses as soon as it has", async () => {
    const before = await preview("en");
    expect(before.speech.engine).toBe("none");
    expect(before.speech.reason).toContain("No speech service is set up");

    await scribeSays({ engine: "deepgram", model: "nova-3" });
    expect((await preview("hr")).speech).toEqual({ engine: "deepgram", reason: "" });
    const maltese = await preview("mt");
    expect(maltese.speech).toEqual({
      engine: "none",
      reason:
        "The speech service does not understand Maltese: there will be no live transcript; the recording is not affected.",
    });
    // The notice says what is so of both.
    expect((await preview("en")).notice.fixed.text.join(" ")).toContain("Deepgram");
    expect(maltese.notice.fixed.text.join(" ")).toContain("No AI is used");

    await scribeSays({ engine: "offline", model: "offline" });
    expect((await preview("en")).speech.engine).toBe("offline");
    expect((await preview("hr")).speech.reason).toContain("Offline speech does not understand Croatian");
  });
});
