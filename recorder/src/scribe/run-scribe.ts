import path from "node:path";
import type { EventClient } from "@verbatim/hands/event-client";
import type { Log } from "@verbatim/hands/log";
import { samplesToMs, SAMPLE_RATE } from "@verbatim/shared/clock";
import type { RecorderEvent, SpeechState } from "@verbatim/shared/events/protocol";
import { speaks } from "@verbatim/shared/ids";
import type { Span } from "@verbatim/shared/recording/control";
import type { RunHeader } from "@verbatim/shared/spool/format";
import type { SpeechEngine } from "../speech/engine.ts";
import { openRun, soundFiles, type TrackNews } from "../spool/open-run.ts";
import { CURSOR_FILE, createCursorFile, DONE_FILE, readCursor, type TrackCursor, writeDurably } from "./cursor.ts";
import { ECHO_CALL_LAG_S, ECHO_LAG_S, isEcho } from "@verbatim/shared/sound/echo";
import { keepingOf } from "./hold-back.ts";
import { positionNow } from "./position-now.ts";
import { speechStateOf } from "./speech-state.ts";
import { type HeardWords, openTrackScribe, type TrackScribe } from "./track-scribe.ts";

export type ScribeCounters = {
  readonly word: (engineMs: number | undefined) => void;
  readonly reconnect: () => void;
};

export type RunScribe = AsyncDisposable & {
  /** Reads what is new and moves everything on. Answers true once the run is done with. */
  step(): Promise<boolean>;
  readonly backlogS: number;
};

/** Sound that waits for the engine, per run: beyond this the spool is read no further, it keeps better there. */
const MAX_BACKLOG_S = 240;
/** About 5 s of one speaker, 10 ms of decoding. */
const ENTRIES_AT_ONCE = 250;
const SAVE_EVERY_MS = 5_000;
/**
 * A service that says no is waited for beyond a run's end: somebody may pay, or set the key right, and its words come. Not for
 * ever, since its spool keeps pictures too, and the sound is in the store all the same. A restart, by which a key is set right
 * here, begins it anew.
 */
const REFUSED_WAIT_MS = 2 * 60 * 60_000;
/** Nobody watches such a run, and minutes of its sound wait: it is not looked through forty times a second. */
const REFUSED_STEP_MS = 1_000;
const MAX_WORDS = 400;
const MAX_INTERIM = 2_000;
const ECHO_SIDE = 0.1 * SAMPLE_RATE;
const ECHO_SOONER = ECHO_LAG_S * SAMPLE_RATE;
const ECHO_LATER = ECHO_CALL_LAG_S * SAMPLE_RATE;

/** One run of the spool, from its logs to events, until everything in it was heard and answered. */
export async function openRunScribe(options: {
  readonly dir: string;
  readonly header: RunHeader;
  readonly engine: SpeechEngine;
  readonly events: Pick<EventClient, "send" | "sendLatest">;
  readonly counters: ScribeCounters;
  readonly log: Log;
  readonly now: () => number;
  readonly random: () => number;
}): Promise<RunScribe> {
  const { dir, header, engine, events, now } = options;
  const log = options.log.with({ interviewId: header.interviewId, runId: header.runId });
  const of = { tenantId: header.tenantId, interviewId: header.interviewId, recordingId: header.recordingId };
  const cursor = await readCursor(path.join(dir, CURSOR_FILE));
  const file = createCursorFile(path.join(dir, CURSOR_FILE));
  const run = openRun(
    dir,
    Object.fromEntries(Object.entries(cursor.tracks).map(([name, at]) => [name, at.offset])),
    soundFiles,
  );
  const tracks = new Map<string, TrackScribe>();
  const pending = new Set<RecorderEvent>();
  const shown = new Set<string>();
  let inbox: readonly TrackNews[] = [];
  let readAll = false;
  let speech: string | undefined;
  let savedMs = now();
  let over = false;
  /** Since when the run has ended and the service says nothing but no. */
  let refusedAfterMs: number | undefined;
  let steppedMs = Number.NEGATIVE_INFINITY;

  const state = () => {
    const common = Math.min(...[...tracks.values()].map((track) => track.doneSamples));
    const read = [...tracks].map(([name, track]): [string, TrackCursor] => [name, track.cursor(common)]);
    return {
      version: 1 as const,
      tracks: { ...cursor.tracks, ...Object.fromEntries(read) },
      pending: [...pending],
    };
  };

  /**
   * Written down before it is sent, so that after our death the very same event is sent again. On a full disk it is
   * sent all the same: words that may be said twice are better than none.
   */
  const tell = async (event: RecorderEvent, known: boolean): Promise<void> => {
    pending.add(event);
    if (!known) await file.save(state()).catch((cause: unknown) => log.warn("scribe.cursor_failed", { cause }));
    await events.send(event);
    pending.delete(event);
  };

  const dispatch = (event: RecorderEvent, known = false): void => {
    tell(event, known).catch((cause: unknown) => {
      if (over) return; // We are being stopped: it is in the cursor file, and is sent at the next start.
      log.error("scribe.event_refused", { type: event.type, cause });
      pending.delete(event);
    });
  };

  const onWords = ({ seatId, isFinal, words }: HeardWords): void => {
    const interimKey = `interim/${header.recordingId}/${seatId}`;
    if (!isFinal) {
      const text = words
        .map((word) => word.text)
        .join(" ")
        .slice(-MAX_INTERIM);
      const first = words[0];
      if (!first && !shown.has(seatId)) return;
      if (first) shown.add(seatId);
      else shown.delete(seatId);
      events.sendLatest(interimKey, { type: "words-interim", ...of, seatId, startMs: first?.startMs ?? 0, text });
      return;
    }
    const toldMs = positionNow(header.clock);
    for (let at = 0; at < words.length; at += MAX_WORDS) {
      const part = words.slice(at, at + MAX_WORDS);
      const [first, last] = [part[0], part.at(-1)];
      if (!first || !last) break;
      const plain = part.map(({ from: _from, to: _to, ...word }) => word);
      for (const word of plain) options.counters.word(word.engineMs);
      const between = { startMs: first.startMs, endMs: last.endMs };
      dispatch({
        type: "words-final",
        ...of,
        seatId,
        ...between,
        ...(toldMs !== undefined && { toldMs }),
        words: plain,
      });
    }
    if (!shown.delete(seatId)) return;
    events.sendLatest(interimKey, { type: "words-interim", ...of, seatId, startMs: 0, text: "" });
  };

  const echoed = (own: TrackScribe, span: Span): boolean => {
    const [from, to] = [span.from - ECHO_SIDE, span.to + ECHO_SIDE];
    const mine = own.memory.read(from, to);
    return [...tracks.values()].some(
      (other) => other.seatId !== own.seatId && isEcho(mine, other.memory.read(from - ECHO_LATER, to + ECHO_SOONER)),
    );
  };

  const say = (next: SpeechState): void => {
    const text = JSON.stringify(next);
    if (text === speech) return;
    speech = text;
    log.info("scribe.speech", { state: next.state, engine: next.engine });
    events.sendLatest(`speech/${header.recordingId}`, { type: "speech", ...of, speech: next });
  };

  const secondsOf = (of: readonly TrackScribe[]): number =>
    Math.max(0, ...of.map(({ session }) => session.backlog)) / 16_000;
  const backlogS = (): number => secondsOf([...tracks.values()]);
  /** A track that is refused alone does not keep the others from being read. */
  const readsAhead = (): boolean => {
    const served = [...tracks.values()].filter(({ session }) => session.state.state !== "refused");
    return (served.length > 0 ? secondsOf(served) : backlogS()) < MAX_BACKLOG_S;
  };

  /** Takes some of what was read, and reads on when all of it is taken: a long log must not hold up other runs. */
  const read = async (): Promise<void> => {
    if (inbox.length === 0) {
      const news = run.look();
      inbox = news.tracks.filter(({ header: track }) => track.kind === "audio" && speaks(track.role));
      // A Stop undone or a Resume lets go of what was held, also on a track that has nothing new.
      if (news.controls.length > 0)
        for (const track of tracks.values()) track.push([], keepingOf(run.control), undefined);
      readAll = !news.more;
    }
    const keeping = keepingOf(run.control);
    const part = inbox.map((news) => ({ ...news, entries: news.entries.slice(0, ENTRIES_AT_ONCE) }));
    inbox = inbox
      .map((news) => ({ ...news, entries: news.entries.slice(ENTRIES_AT_ONCE) }))
      .filter(({ entries }) => entries.length > 0);
    const progressUs = inbox.length === 0 ? run.progressUs : undefined;
    for (const { file: name, header: track, entries } of part) {
      let scribe = tracks.get(name);
      if (!scribe) {
        scribe = await openTrackScribe({
          header: track,
          clock: header.clock,
          from: cursor.tracks[name] ?? { offset: 0, muted: false, doneSamples: 0 },
          engine,
          talk: header,
          now,
          random: options.random,
          keeping: () => keepingOf(run.control),
          echoed,
          onWords,
          onReconnect: (detail) => {
            options.counters.reconnect();
            log.warn("scribe.reconnect", { detail });
          },
        });
        tracks.set(name, scribe);
      }
      scribe.push(entries, keeping, progressUs);
    }
    if (run.ended && readAll && inbox.length === 0) for (const track of tracks.values()) track.end();
  };

  const save = (): void => {
    if (now() - savedMs < SAVE_EVERY_MS) return;
    savedMs = now();
    file.save(state()).catch((cause: unknown) => log.warn("scribe.cursor_failed", { cause }));
  };

  for (const event of cursor.pending) dispatch(event, true);

  return {
    get backlogS() {
      return backlogS();
    },
    async step() {
      if (refusedAfterMs !== undefined && now() - steppedMs < REFUSED_STEP_MS) return false;
      steppedMs = now();
      if (readsAhead()) await read();
      for (const { session } of tracks.values()) session.tick();
      const states = [...tracks.values()].map(({ session }) => session.state);
      const next = speechStateOf(engine.name, states, now());
      if (next) say(next);
      save();
      if (states.some(({ state: at }) => at === "on" || at === "silent")) refusedAfterMs = undefined;
      else if (states.some(({ state: at }) => at === "refused") && run.isOver()) refusedAfterMs ??= now();
      const givenUp =
        now() - (refusedAfterMs ?? now()) > REFUSED_WAIT_MS &&
        states.every(({ state: at }) => at === "done" || at === "refused");
      const heard = run.ended !== undefined && states.every(({ state: at }) => at === "done");
      if ((!heard && !givenUp) || pending.size > 0) return false;
      await writeDurably(path.join(dir, DONE_FILE), JSON.stringify({ version: 1 }));
      log.info("scribe.run_done");
      return true;
    },
    async [Symbol.asyncDispose]() {
      over = true;
      if (pending.size > 0 || tracks.size > 0) {
        await file.save(state()).catch((cause: unknown) => log.warn("scribe.cursor_failed", { cause }));
      }
      for (const track of tracks.values()) track[Symbol.dispose]();
      run.close();
      log.debug("scribe.run_closed", { durableMs: samplesToMs(run.durableSamples) });
    },
  };
}
