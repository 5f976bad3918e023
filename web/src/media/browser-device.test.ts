import type { RtpCapabilities } from "@verbatim/shared/signal/media";
import { Device, FakeHandler, testFakeParameters } from "mediasoup-client";
import { expect, it } from "vitest";
import { createBrowserDevice } from "./browser-device.ts";

const opus: RtpCapabilities = {
  codecs: [{ kind: "audio", mimeType: "audio/opus", clockRate: 48_000, channels: 2, preferredPayloadType: 100 }],
  headerExtensions: [],
};
const nothing: RtpCapabilities = { codecs: [], headerExtensions: [] };

/** A browser whose codecs are mediasoup-client's own example. */
function make(first = Promise.resolve()) {
  let made = 0;
  const browser = createBrowserDevice(async () => {
    if (++made === 1) await first;
    return new Device({ handlerFactory: FakeHandler.createFactory(testFakeParameters) });
  });
  return { browser, made: () => made };
}
const codecsOf = ({ codecs = [] }: RtpCapabilities): string[] => codecs.map(({ mimeType }) => mimeType);

it("is asked once what it can do with a server's codecs, and anew for a server that speaks others", async () => {
  const { browser, made } = make();
  const first = await browser.load(opus);
  expect(codecsOf(first.rtpCapabilities)).toEqual(["audio/opus"]);
  expect(await browser.load(structuredClone(opus))).toBe(first);
  expect(made()).toBe(1);
  expect(codecsOf((await browser.load(nothing)).rtpCapabilities)).toEqual([]);
});

it("says what was found out ahead once, and nothing that no server asked for", async () => {
  const { browser } = make();
  await browser.load(opus);
  expect(browser.takeExpected()).toBeUndefined();
  browser.expect(opus);
  const { rtpCapabilities } = await browser.load(opus);
  expect(browser.takeExpected()).toEqual(rtpCapabilities);
  expect(browser.takeExpected()).toBeUndefined();
});

it("is asked again after it could not answer", async () => {
  const { browser } = make(Promise.reject(new Error("busy")));
  browser.expect(opus);
  await expect(browser.load(opus)).rejects.toThrow("busy");
  expect(browser.takeExpected()).toBeUndefined();
  expect(codecsOf((await browser.load(opus)).rtpCapabilities)).toEqual(["audio/opus"]);
});
