import { ActionIcon, Button, CloseButton } from "@mantine/core";
import { IconPlayerPauseFilled, IconPlayerPlayFilled } from "@tabler/icons-react";
import { useEffect, useEffectEvent, useLayoutEffect, useRef } from "react";
import { clockOf } from "../clock/format.ts";
import { useNow } from "../clock/use-now.ts";
import { useObservable } from "../observable/use-observable.ts";
import { isWriting } from "../parts/is-writing.ts";
import { useWords, type Words } from "../words/words.ts";
import type { Replay, ReplayState } from "./create-replay.ts";
import { meansTheBar } from "./escape.ts";
import styles from "./replay.module.css";

type Props = {
  readonly replay: Replay;
  /** The speaker that the call's voices come from; "" or left out is the system's own. */
  readonly speakerId?: string;
};
type Open = Exclude<ReplayState, { phase: "closed" }>;

/** A moment of the recording while it is played: there while somebody listens, and gone by Escape. */
export function ReplayBar({ replay, speakerId = "" }: Props) {
  const state = useObservable(replay.state);
  return state.phase === "closed" ? null : <OpenBar {...{ replay, speakerId, state }} />;
}

/**
 * Sound of this page alone: no track of the call has anything to do with the element. The call's voices stay as loud as
 * they are, because what is said now is not heard again, and what is played can be.
 */
function OpenBar({ replay, speakerId, state }: Required<Props> & { readonly state: Open }) {
  const words = useWords();
  const said = words.replay;
  const audio = useRef<HTMLAudioElement>(null);
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => (audio.current ? replay.attach(audio.current) : undefined), [replay]);
  useEffect(() => {
    const element = audio.current;
    if (!element || !("setSinkId" in element)) return;
    element.setSinkId(speakerId).catch(() => {
      // A speaker that was unplugged: the browser goes on with the system's own.
    });
  }, [speakerId]);
  const { phase } = state;
  const opener = useOpener(bar, phase);
  useEscape(replay.close, bar, opener);

  const playing = phase === "playing";
  const goesOnMs = phase === "missing" ? state.goesOnMs : null;
  const playable = playing || phase === "paused" || phase === "over" || phase === "ready";
  return (
    <div ref={bar} className={styles["bar"]} role="group" aria-label={said.label} data-replay={phase}>
      {/* Its words stand in the transcript. */}
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption */}
      <audio ref={audio} preload="auto" />
      {playable && (
        <ActionIcon
          size={44}
          radius="xl"
          aria-label={playing ? said.pause : phase === "over" ? said.again : said.play}
          onClick={playing ? replay.pause : replay.resume}
        >
          {playing ? <IconPlayerPauseFilled size={20} /> : <IconPlayerPlayFilled size={20} />}
        </ActionIcon>
      )}
      <Clock replay={replay} />
      <p className={styles["said"]}>
        {phase === "later" ? <Later untilMs={state.wait?.untilMs} /> : sentence(state, said)}
      </p>
      {/* Once for each state: the seconds that are left are not read out one after another. */}
      <span className="visually-hidden" role="status">
        {phase === "later" ? laterText(state.wait?.ms, said) : sentence(state, said)}
      </span>
      {goesOnMs !== null && (
        <Button variant="default" onClick={() => replay.playOn(goesOnMs)}>
          {said.playOn(clockOf(goesOnMs))}
        </Button>
      )}
      {phase === "failed" && (
        <Button variant="default" onClick={replay.resume}>
          {said.tryAgain}
        </Button>
      )}
      <CloseButton size={44} aria-label={said.close} title={said.close} onClick={replay.close} />
    </div>
  );
}

function Clock({ replay }: { replay: Replay }) {
  const atMs = useObservable(replay.position);
  return (
    <span className={styles["clock"]} data-position-ms={atMs}>
      {clockOf(atMs)}
    </span>
  );
}

function Later({ untilMs }: { untilMs: number | undefined }) {
  const { replay: said } = useWords();
  const nowMs = useNow();
  return laterText(untilMs === undefined ? undefined : untilMs - nowMs, said);
}

const laterText = (ms: number | undefined, said: Words["replay"]): string =>
  ms === undefined ? said.late : said.later(Math.max(1, Math.round(ms / 1000)));

function sentence(state: Open, said: Words["replay"]): string {
  switch (state.phase) {
    case "asking":
      return said.asking;
    case "ready":
      return said.ready;
    case "over":
      return said.over;
    case "failed":
      return said.failed;
    case "missing":
      return said.missing[state.why];
    case "playing":
    case "paused":
    default:
      return said.onlyYou;
  }
}

type Ref<T> = { readonly current: T };

function useEscape(close: () => void, bar: Ref<Element | null>, opener: Ref<Element | null>): void {
  const onEscape = useEffectEvent(close);
  useEffect(() => {
    const down = (event: KeyboardEvent): void => {
      const from = isWriting(opener.current) ? null : opener.current;
      if (meansTheBar(event, { bar: bar.current, page: document.body, opener: from })) onEscape();
    };
    window.addEventListener("keydown", down);
    return () => window.removeEventListener("keydown", down);
  }, [bar, opener]);
}

/** Where somebody pressed to hear the moment. Whoever closes the bar from within it with the keyboard is there again. */
function useOpener(bar: Ref<HTMLElement | null>, phase: Open["phase"]): Ref<Element | null> {
  const opener = useRef<Element>(null);
  useLayoutEffect(() => {
    const focused = document.activeElement;
    if (phase === "asking" && !bar.current?.contains(focused)) opener.current = focused;
  }, [bar, phase]);
  // Its end comes while the bar still stands in the page.
  useLayoutEffect(() => {
    const element = bar.current;
    return () => {
      const within = element?.contains(document.activeElement) === true;
      if (within && opener.current instanceof HTMLElement) opener.current.focus();
    };
  }, [bar]);
  return opener;
}
