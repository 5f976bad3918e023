import { isIos } from "../media/watch-phone.ts";

/** What kind of browser a page is open in, as far as the way into a call must know. */
export type Browser =
  /** A program that shows web pages inside itself, without a person's own microphone rights, tabs or back button. */
  | { readonly kind: "in-app"; readonly app: string; readonly system: System }
  | { readonly kind: "unsupported"; readonly system: System }
  | { readonly kind: "supported"; readonly family: BrowserFamily };

type System = "ios" | "android" | "other";

export type BrowserFamily = "chrome" | "chrome-android" | "firefox" | "safari" | "safari-ios";

/** By what they write into their user agent; the longest lists of such programs on the web agree on these. */
const apps: readonly (readonly [RegExp, string])[] = [
  [/\bLinkedInApp\b/, "LinkedIn"],
  [/\bWhatsApp\b/, "WhatsApp"],
  [/\bInstagram\b/, "Instagram"],
  [/\bFB(AN|AV|_IAB)\b/, "Facebook"],
  [/\bMicroMessenger\b/, "WeChat"],
  [/\bLine\//, "LINE"],
  [/\bSnapchat\b/, "Snapchat"],
  [/\bTwitter(Android| for)\b/, "X"],
  [/\bTeams(Mobile|-)/, "Teams"],
  [/\bGSA\//, "Google"],
  [/\bOutlook-(iOS|Android)\b/, "Outlook"],
  [/\bYJApp-|\bYahooMobile/, "Yahoo"],
];

/**
 * Judges by the user agent, and by what the browser can do: `canCall` says that it has all that a call is made of. A program that names itself in no way shows itself as a web view of its system.
 */
export function browserOf(asked: Pick<Navigator, "userAgent" | "maxTouchPoints">, canCall: boolean): Browser {
  const { userAgent } = asked;
  const ios = isIos(asked);
  const android = /\bAndroid\b/.test(userAgent);
  const system = ios ? "ios" : android ? "android" : "other";
  const named = apps.find(([pattern]) => pattern.test(userAgent))?.[1];
  if (named) return { kind: "in-app", app: named, system };
  const view = (ios && !/\bSafari\//.test(userAgent)) || (android && /; wv\)/.test(userAgent));
  if (view) return { kind: "in-app", app: "", system };
  if (!canCall) return { kind: "unsupported", system };
  return { kind: "supported", family: familyOf(userAgent, { ios, android }) };
}

function familyOf(userAgent: string, { ios, android }: { ios: boolean; android: boolean }): BrowserFamily {
  // Every browser on iOS asks for devices as Safari does.
  if (ios) return "safari-ios";
  if (/\bFirefox\//.test(userAgent)) return "firefox";
  if (/\b(Chrome|Chromium|CriOS|Edg)\//.test(userAgent)) return android ? "chrome-android" : "chrome";
  return "safari";
}

/** The address of this page in the system's own browser, fragment and all; undefined where only a person can do it. */
export function outsideAddress(href: string, system: System): string | undefined {
  const url = new URL(href);
  if (url.protocol !== "https:") return undefined;
  if (system === "ios") return `x-safari-${href}`;
  // An intent's own part begins at the last #; the link's secret before it stays.
  if (system === "android")
    return `intent://${href.slice("https://".length)}#Intent;scheme=https;package=com.android.chrome;end`;
  return undefined;
}

/** What is asked of a page's browser: `window`, or what a test puts in its place. */
type Page = {
  readonly isSecureContext: boolean;
  readonly navigator: object;
  readonly Promise: object;
};

/** Whether this page's browser has what a call is made of. */
export const canCall = (page: Page): boolean =>
  "RTCPeerConnection" in page &&
  "WebSocket" in page &&
  // The newest part of the language that the way into a call uses: Chrome 119, Firefox 121, Safari 17.4.
  "withResolvers" in page.Promise &&
  // On an address that is not secure every browser hides its devices; that has words of its own.
  (!page.isSecureContext || "mediaDevices" in page.navigator);
