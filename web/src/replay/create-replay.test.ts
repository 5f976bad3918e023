import type { Replay as Found } from "@verbatim/shared/api/replay";
import { expect, it, vi } from "vitest";
import { createReplay } from "./create-replay.ts";
import { meansTheBar } from "./escape.ts";

/** A browser's audio element as far as playing goes: a file can be placed when it has arrived, and `at` is where it is. */
function audioElement() {
  const element = Object.assign(new EventTarget(), {
    src: "",
    currentTime: 0,
    ended: false,
    paused: true,
    load: () => Object.assign(element, { currentTime: 0, ended: false, paused: true }),
    play: async () => {
      element.paused = false;
    },
    pause: () => {
      if (element.paused) return;
      element.paused = true;
      element.dispatchEvent(new Event("pause"));
    },
    arrive: () => element.dispatchEvent(new Event("loadedmetadata")),
    at: (seconds: number) => {
      element.currentTime = seconds;
      vi.advanceTimersByTime(100);
    },
  });
  return element;
}

const file = (n: number, startMs: number, untilMs: number) => ({ url: `/media/${n}`, startMs, untilMs });
const first = file(1, 10_000, 30_000);
const second = file(2, 30_000, 60_000);
const stored = (piece: typeof first, next: typeof first | null = null): Found => ({ state: "stored", piece, next });

/** Answers positions in turn; what was asked stands in `asked`. */
function replaying(...answers: readonly (Found | Error)[]) {
  vi.useFakeTimers({ now: 1_000_000 });
  const asked: number[] = [];
  const replay = createReplay({
    ask: async ({ atMs }) => {
      const answer = answers[asked.length];
      asked.push(atMs);
      if (!answer || answer instanceof Error) throw answer ?? new Error("Not expected.");
      return answer;
    },
    nowMs: Date.now,
  });
  const element = audioElement();
  const detach = replay.attach(element as unknown as HTMLAudioElement);
  const settle = () => vi.advanceTimersByTimeAsync(0);
  return { replay, element, asked, detach, settle, [Symbol.dispose]: () => void vi.useRealTimers() };
}
const of = { part: 1 };

it("words play from their start to their end and a second of tail, and again when one presses", async () => {
  using made = replaying(stored(first, second), stored(first, second));
  const { replay, element, settle } = made;
  replay.play({ of, fromMs: 12_500, untilMs: 15_000 });
  expect(replay.state.get()).toEqual({ phase: "asking" });
  await settle();
  element.arrive();
  expect(element).toMatchObject({ src: "/media/1", currentTime: 2.5, paused: false });
  element.at(5.9);
  expect([replay.state.get(), replay.position.get()]).toEqual([{ phase: "playing" }, 15_900]);
  element.at(6);
  expect([replay.state.get(), element.paused]).toEqual([{ phase: "over" }, true]);
  replay.resume();
  await settle();
  element.arrive();
  expect(element).toMatchObject({ currentTime: 2.5, paused: false });
});

it("the next file follows without a press, and the one after it is asked for by then", async () => {
  using made = replaying(stored(first, second), stored(second, file(3, 60_000, 90_000)));
  const { replay, element, asked, settle } = made;
  replay.play({ of, fromMs: 29_000 });
  await settle();
  element.arrive();
  element.at(20);
  expect(element.src).toBe("/media/2");
  await settle();
  element.arrive();
  expect([element.currentTime, element.paused, replay.state.get()]).toEqual([0, false, { phase: "playing" }]);
  element.at(30);
  expect([element.src, asked]).toEqual(["/media/3", [29_000, 30_000, 60_000]]);
  // Pressed before the file has come.
  replay.pause();
  element.arrive();
  expect([replay.state.get(), element.paused]).toEqual([{ phase: "paused" }, true]);
  replay.resume();
  expect([replay.state.get(), element.paused]).toEqual([{ phase: "playing" }, false]);
});

it("what is not stored yet is waited for, and does not begin to sound by itself", async () => {
  using made = replaying({ state: "later", inMs: 12_000 }, { state: "later", inMs: null }, stored(first));
  const { replay, element, asked, detach, settle } = made;
  replay.play({ of, fromMs: 29_000 });
  await settle();
  expect(replay.state.get()).toEqual({ phase: "later", wait: { ms: 12_000, untilMs: 1_012_000 } });
  await vi.advanceTimersByTimeAsync(12_000);
  expect(replay.state.get()).toEqual({ phase: "later", wait: null });
  detach();
  await vi.advanceTimersByTimeAsync(60_000);
  // Where no bar shows it any more, as beside a master, nobody asks on.
  expect(asked.length).toBe(2);
  replay.attach(element as unknown as HTMLAudioElement);
  await settle();
  element.arrive();
  expect([replay.state.get(), element.paused]).toEqual([{ phase: "ready" }, true]);
  replay.resume();
  expect([replay.state.get(), element.paused, element.currentTime]).toEqual([{ phase: "playing" }, false, 19]);
});

it("a gap is said where it begins, and sound behind it is a press away", async () => {
  const paused = { ...first, untilMs: 20_000 };
  using made = replaying(stored(paused), { state: "missing", why: "paused", goesOnMs: 50_000 }, stored(second));
  const { replay, element, asked, detach, settle } = made;
  replay.play({ of, fromMs: 19_000 });
  await settle();
  element.arrive();
  element.at(10);
  await settle();
  detach();
  replay.attach(element as unknown as HTMLAudioElement);
  element.arrive();
  expect(replay.state.get()).toEqual({ phase: "missing", why: "paused", goesOnMs: 50_000 });
  expect(element.paused).toBe(true);
  replay.playOn(50_000);
  await settle();
  element.arrive();
  expect([asked.at(-1), element.currentTime, element.paused]).toEqual([50_000, 20, false]);
});

it("a link that ended is renewed once where it was; when that fails too, it is said, and a press tries again", async () => {
  using made = replaying(stored(first), stored(file(9, 10_000, 30_000)), stored(first));
  const { replay, element, settle } = made;
  replay.play({ of, fromMs: 10_000 });
  await settle();
  element.arrive();
  element.at(4);
  element.dispatchEvent(new Event("error"));
  await settle();
  expect(element.src).toBe("/media/9");
  element.dispatchEvent(new Event("error"));
  expect(replay.state.get()).toEqual({ phase: "failed" });
  replay.resume();
  await settle();
  element.arrive();
  expect([replay.state.get(), element.currentTime]).toEqual([{ phase: "playing" }, 4]);
});

it("an answer that comes when something else is wanted, or nothing, changes nothing", async () => {
  using made = replaying(stored(first), stored(second), new Error("away"));
  const { replay, element, settle, detach } = made;
  replay.play({ of, fromMs: 10_000 });
  replay.play({ of, fromMs: 40_000 });
  await settle();
  expect(element.src).toBe("/media/2");
  element.arrive();
  expect(element.currentTime).toBe(10);
  replay.close();
  expect([replay.state.get(), element.paused]).toEqual([{ phase: "closed" }, true]);
  replay.play({ of, fromMs: 10_000 });
  await settle();
  expect(replay.state.get()).toEqual({ phase: "failed" });
  detach();
});

it("Escape closes the bar from within it, from the page itself, and from where it was opened; elsewhere it is another's", () => {
  const [page, inBar, opener, elsewhere] = [0, 1, 2, 3].map(() => new EventTarget());
  const of = {
    bar: { contains: (other: unknown) => other === inBar },
    page: page as EventTarget,
    opener: opener ?? null,
  };
  const closes = (target: EventTarget | undefined, defaultPrevented = false) =>
    meansTheBar({ key: "Escape", repeat: false, defaultPrevented, target: target ?? null }, of);
  expect([page, inBar, opener, elsewhere].map((target) => closes(target))).toEqual([true, true, true, false]);
  expect(closes(inBar, true)).toBe(false);
});
