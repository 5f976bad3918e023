import { describe, expect, it } from "vitest";
import { browserOf, canCall, outsideAddress } from "./browser.ts";

const ios = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";
/** They call themselves Macs. */
const ipad = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)";
const android = "Mozilla/5.0 (Linux; Android 15; Pixel 9";
const webkit = "AppleWebKit/537.36 (KHTML, like Gecko)";

describe("a program that shows pages inside itself", () => {
  it.each([
    ["LinkedIn", "ios", `${ios} Mobile/22B91 [LinkedInApp]/9.30.1`],
    [
      "LinkedIn",
      "android",
      `${android}; wv) ${webkit} Version/4.0 Chrome/131.0.0.0 Mobile Safari/537.36 [LinkedInApp]`,
    ],
    ["Facebook", "ios", `${ios} Mobile/22B91 [FBAN/FBIOS;FBAV/490.0.0.0]`],
    ["Instagram", "android", `${android}; wv) ${webkit} Version/4.0 Chrome/131.0 Mobile Safari/537.36 Instagram 358.0`],
    ["WhatsApp", "ios", `${ios} Mobile/15E148 WhatsApp/24.22`],
    ["", "ios", `${ios} Mobile/22B91`],
    ["", "ios", `${ipad}`],
    ["LinkedIn", "ios", `${ipad} Mobile/22B91 [LinkedInApp]/9.30.1`],
    ["", "android", `${android}; wv) ${webkit} Version/4.0 Chrome/131.0.0.0 Mobile Safari/537.36`],
  ] as const)("%s on %s is named", (app, system, userAgent) => {
    expect(browserOf({ userAgent, maxTouchPoints: 5 }, true)).toEqual({ kind: "in-app", app, system });
  });
});

describe("a person's own browser", () => {
  it.each([
    ["safari-ios", `${ios} Version/18.1 Mobile/15E148 Safari/604.1`],
    ["safari-ios", `${ios} CriOS/131.0.6778.73 Mobile/15E148 Safari/604.1`],
    ["chrome-android", `${android}) ${webkit} Chrome/131.0.0.0 Mobile Safari/537.36`],
    ["chrome", `Mozilla/5.0 (X11; Linux x86_64) ${webkit} Chrome/131.0.0.0 Safari/537.36`],
    ["chrome", `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0`],
    ["firefox", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"],
    [
      "safari",
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
    ],
  ])("%s", (family, userAgent) => {
    const browser = { userAgent, maxTouchPoints: 0 };
    expect(browserOf(browser, true)).toEqual({ kind: "supported", family });
    const system = family === "safari-ios" ? "ios" : family === "chrome-android" ? "android" : "other";
    expect(browserOf(browser, false)).toEqual({ kind: "unsupported", system });
  });
});

it("the way out keeps the link's secret", () => {
  const link = "https://talk.example/join#acme.s3cret";
  expect(outsideAddress(link, "ios")).toBe("x-safari-https://talk.example/join#acme.s3cret");
  const intent = outsideAddress(link, "android") ?? "";
  // As Android reads it: what stands before the last #.
  expect(intent.slice(0, intent.lastIndexOf("#"))).toBe("intent://talk.example/join#acme.s3cret");
  expect(outsideAddress(link, "other")).toBeUndefined();
  expect(outsideAddress("http://localhost:3000/join#a.b", "ios")).toBeUndefined();
});

describe("a browser can hold a call", () => {
  const current = {
    isSecureContext: true,
    navigator: { mediaDevices: {} },
    RTCPeerConnection: {},
    WebSocket: {},
    Promise: { withResolvers: {} },
  };

  it("with all that the way into it uses; on an address that is not secure, without devices", () => {
    expect(canCall(current)).toBe(true);
    expect(canCall({ ...current, isSecureContext: false, navigator: {} })).toBe(true);
  });

  it("and not without any one of them", () => {
    const { RTCPeerConnection: _, ...withoutMedia } = current;
    const { WebSocket: __, ...withoutSockets } = current;
    const older = [{ Promise: {} }, { navigator: {} }].map((part) => ({ ...current, ...part }));
    for (const browser of [withoutMedia, withoutSockets, ...older]) expect(canCall(browser)).toBe(false);
  });
});
