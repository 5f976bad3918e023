import { expect, it } from "vitest";
import { createPlayback } from "./playback.ts";

/** A browser's audio element as far as playing goes: nothing comes before `arrive`, and `load` forgets everything. */
function audioElement() {
  const element = Object.assign(new EventTarget(), {
    currentTime: 0,
    playbackRate: 1,
    readyState: 0,
    error: null,
    paused: true,
    loads: 0,
    load: () => {
      element.loads++;
      Object.assign(element, { currentTime: 0, playbackRate: 1, readyState: 0, paused: true });
    },
    play: async () => {
      element.paused = false;
      element.dispatchEvent(new Event("play"));
    },
    pause: () => {
      element.paused = true;
      element.dispatchEvent(new Event("pause"));
    },
    arrive: () => {
      element.readyState = 1;
      element.dispatchEvent(new Event("loadedmetadata"));
      element.dispatchEvent(new Event("canplay"));
    },
    fail: () => element.dispatchEvent(new Event("error")),
  });
  return element;
}
const asAudio = (element: ReturnType<typeof audioElement>) => element as unknown as HTMLAudioElement;

function playing() {
  const element = audioElement();
  const playback = createPlayback();
  const detach = playback.attach(asAudio(element));
  element.arrive();
  playback.setRate(1.5);
  playback.seek(62_000, true);
  return { element, playback, detach };
}

it("goes on where it was, as fast as it was, when its link ended", () => {
  const { element, playback, detach } = playing();
  for (let round = 1; round <= 3; round++) {
    element.fail();
    expect(element.loads).toBe(round);
    expect(playback.position.get()).toBe(62_000);
    element.arrive();
    expect(element).toMatchObject({ currentTime: 62, playbackRate: 1.5, paused: false });
  }
  expect(playback.state.get()).toEqual({ playing: true, rate: 1.5, broken: false });
  detach();
});

it("says that it is broken when a fresh link fails too, and playing tries again from there", () => {
  const { element, playback, detach } = playing();
  element.fail();
  element.fail();
  expect(element.loads).toBe(1);
  expect(playback.state.get()).toMatchObject({ playing: false, broken: true });
  playback.play();
  expect(playback.state.get()).toMatchObject({ playing: true, broken: false });
  element.arrive();
  expect(element).toMatchObject({ currentTime: 62, paused: false });
  detach();
});

it("a newer master goes on where the older one was, playing or not", () => {
  const { playback, detach } = playing();
  detach();
  const second = audioElement();
  const leave = playback.attach(asAudio(second));
  second.arrive();
  expect(second).toMatchObject({ currentTime: 62, playbackRate: 1.5, paused: false });
  playback.pause();
  leave();
  const third = audioElement();
  playback.attach(asAudio(third))();
  third.arrive();
  expect(third.paused).toBe(true);
});

it("a press or a place chosen while it loads counts as soon as it has come", () => {
  const element = audioElement();
  const playback = createPlayback();
  const detach = playback.attach(asAudio(element));
  playback.seek(5_000, true);
  expect(element.currentTime).toBe(0);
  element.arrive();
  expect(element).toMatchObject({ currentTime: 5, paused: false });
  detach();
});

it("tells of a jump when the sound has made it, so that a picture that asks then follows while paused, too", () => {
  const { playback } = playing();
  playback.pause();
  const heard: number[] = [];
  playback.position.subscribe(() => heard.push(playback.nowMs()));
  playback.seek(5_000);
  expect(heard).toEqual([5_000]);
});
