import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, afterEach, expect } from "vitest";
import type { Page } from "playwright-core";
import { createMicrophone, type Microphone } from "../rehearse/microphone.ts";
import { openPerson, type Person } from "../rehearse/person.ts";
import { freshStack } from "../rehearse/target.ts";
import { type Line, speakScript } from "../rehearse/voices.ts";
import { installWatch } from "../rehearse/watch.ts";
import type { Stack } from "../local/stack.ts";
import { PATIENCE_MS } from "./patience.ts";

const run = promisify(execFile);

export type Guest = Person & { readonly microphone: Microphone };

/** A stack for one file of browser flows, and the people who come to it. */
export type Stage = AsyncDisposable & {
  readonly stack: Stack;
  readonly url: string;
  /** A browser of its own; `says` is heard from the moment `microphone.begin` names. */
  guest(name: string, options?: GuestOptions): Promise<Guest>;
  /** Several, each by their name. */
  guests<Name extends string>(who: Readonly<Record<Name, GuestOptions>>): Promise<Record<Name, Guest>>;
  /** Everybody who has come. */
  readonly people: readonly Guest[];
};

/** `settings` are what an operator would put into the environment. */
export async function openStage(settings: Readonly<Record<string, string>> = {}): Promise<Stage> {
  await using opening = new AsyncDisposableStack();
  const { signal } = new AbortController();
  const { stack } = opening.use(
    await freshStack({ store: "disk", env: process.env, say: () => undefined, signal, settings }),
  );
  // Browsers leave before the stack ends.
  const leaving = opening.use(new AsyncDisposableStack());
  const open = opening.move();
  const people: Guest[] = [];
  const guest: Stage["guest"] = async (name, options) => {
    const one = leaving.use(await openGuest(name, options));
    people.push(one);
    return one;
  };
  return {
    stack,
    url: stack.urls.public,
    guest,
    async guests<Name extends string>(who: Readonly<Record<Name, GuestOptions>>) {
      const all = await Promise.all(Object.entries<GuestOptions>(who).map(([name, options]) => guest(name, options)));
      return Object.fromEntries(all.map((one) => [one.name, one])) as Record<Name, Guest>;
    },
    people,
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

/** Said once in a file of flows: where a fact fails, every page is photographed; behind the last fact its stage ends. */
export function endAfterwards(stage: () => Stage | undefined): void {
  afterAll(() => stage()?.[Symbol.asyncDispose]());
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await photographFailure(stage()?.people ?? [], task.name);
  });
}

export type GuestOptions = {
  readonly says?: readonly Line[];
  readonly voice?: "slt" | "rms";
  readonly phone?: boolean;
  readonly dark?: boolean;
  /** On another machine: see `otherMachine`. */
  readonly namespace?: string;
};

/** A person in a browser of their own. */
export async function openGuest(name: string, options: GuestOptions = {}): Promise<Guest> {
  const microphone = createMicrophone(await speakScript(options.says ?? [], options.voice ?? "slt"), () => undefined);
  const person = await openPerson({
    name,
    uid: undefined,
    speaks: options.says !== undefined,
    namespace: options.namespace,
    viewport: options.phone ? { width: 360, height: 640 } : { width: 1280, height: 720 },
    onLine: () => undefined,
    async prepare(context) {
      context.setDefaultTimeout(PATIENCE_MS);
      if (options.dark) await context.addInitScript(() => localStorage.setItem("mantine-color-scheme-value", "dark"));
      await installWatch(context);
      await microphone.install(context);
    },
  });
  return Object.defineProperties({ microphone } as Guest, Object.getOwnPropertyDescriptors(person));
}

/** For a person who wants to see why a flow failed: SCREENS=folder keeps a picture of every page then. */
export async function photographFailure(people: readonly (Guest | undefined)[], name: string): Promise<void> {
  const folder = process.env["SCREENS"];
  if (!folder) return;
  for (const one of people) {
    if (one && !one.gone && !one.page.isClosed())
      await one.page.screenshot({ path: `${folder}/${one.name}-${name.replaceAll(/\W+/g, "-").slice(0, 40)}.png` });
  }
}

/** For a person who wants to look: SCREENS=folder keeps the page at both sizes, or as it is where another size would close what is open. */
export async function photograph(page: Page, name: string, asItIs = false): Promise<void> {
  const folder = process.env["SCREENS"];
  if (!folder) return;
  if (asItIs) return void (await page.screenshot({ path: `${folder}/${name}.png` }));
  const before = page.viewportSize();
  for (const [width, height] of [
    [1280, 720],
    [360, 640],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: `${folder}/${name}-${width}.png` });
  }
  if (before) await page.setViewportSize(before);
}

/** Waits for a text anywhere on a page. */
export async function reads(page: Page, text: string | RegExp, timeout = 60_000): Promise<void> {
  await page.getByText(text).filter({ visible: true }).first().waitFor({ timeout });
}

export async function lampIs(page: Page, ...states: readonly string[]): Promise<void> {
  await expect
    .poll(() => page.locator("[data-lamp]").first().getAttribute("data-lamp"), { timeout: 60_000, interval: 50 })
    .toSatisfy((lamp: string | null) => lamp !== null && states.includes(lamp));
}

/** What PocketSphinx understands in a sound file: the words that were really kept, whatever we say of them. */
export async function understood(file: string): Promise<string> {
  const wav = `${file}.heard.wav`;
  await run("ffmpeg", ["-v", "error", "-y", "-i", file, "-ar", "16000", "-ac", "1", wav]);
  const text = await run("pocketsphinx_continuous", ["-infile", wav, "-logfn", "/dev/null"], { maxBuffer: 1 << 24 });
  return text.stdout.toLowerCase();
}
