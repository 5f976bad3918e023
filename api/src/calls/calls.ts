import { setTimeout as delay } from "node:timers/promises";
import type { CallState } from "@verbatim/shared/control/protocol";
import { type InterviewId, type SeatId, type TrackId, trackId } from "@verbatim/shared/ids";
import { livePlan, noProgress } from "@verbatim/shared/plan/live-plan";
import { recordingOff, type RecordingView } from "@verbatim/shared/recording/view";
import type { Log } from "@verbatim/hands/log";
import type { At, Controls } from "../control/controls.ts";
import type { Database } from "../database/database.ts";
import type { LiveDocuments } from "../documents/live-documents.ts";
import type { NotesDocuments } from "../documents/notes-documents.ts";
import { type CallRows, callState, readCall, readParticipants, viewOf, writeStamps, writeView } from "./call-rows.ts";
import { type ControlLink, openControlLink } from "./control-link.ts";
import { createHeardRooms } from "./heard-rooms.ts";
import { absent, seatsInCall } from "./in-call.ts";
import { createListening } from "./listening.ts";
import { findLive, forgetQuiet } from "./live-interviews.ts";
import { readyToStart, startsNow } from "./ready-to-start.ts";

/** Keeps media server and live documents in step with the rows, of every interview that is live. */
export type Calls = AsyncDisposable & {
  readonly connected: boolean;
  /** Something about this call changed: computes the view, tells the media server, writes the document. */
  changed(at: At): Promise<RecordingView>;
  /** Somebody is about to come in: resolves when the media server knows of this call, at once when it has said so. */
  mustBeKnown(at: At): Promise<void>;
  /** Resolves when everybody sees this seat in the call; throws `call.absent` when that does not become so in a moment. */
  mustBeIn(seat: At & { readonly seatId: SeatId }): Promise<void>;
  caption(interviewId: InterviewId, seatId: SeatId, text: string, final: boolean): void;
};

type Live = {
  readonly at: At;
  /** Since when each speaker's microphone was seen open. */
  readonly openSince: Map<TrackId, number>;
  /** Since when everybody is there whom an automatic start waits for. */
  readySinceMs: number | undefined;
  /** The call's revision that the media server has, with its stamps in our rows. */
  acknowledged: number;
  /** One refresh at a time; a wish that comes meanwhile is served by the next. */
  running: Promise<RecordingView> | undefined;
  next: Promise<RecordingView> | undefined;
  /** The media server's stamps are stored in the order in which they came. */
  stamping: Promise<void>;
};

const TICK_MS = 1_000;
const AT_ONCE = 8;
/** A browser asks for the document as soon as the media server let it in; our rows learn of that a moment later. */
const ARRIVING_MS = 2_000;
/** After connecting, a room that the media server does not know is empty. It names all it knows at once. */
const ROOMS_NAMED_MS = 10_000;

export function createCalls(deps: {
  readonly database: Database;
  readonly documents: LiveDocuments;
  readonly notes: Pick<NotesDocuments, "closeSeat" | "keepWriters">;
  /** Late, because controls tell us of changes. */
  readonly controls: () => Pick<Controls, "startBySystem">;
  readonly sfu: { readonly url: string; readonly secret: string };
  readonly log: Log;
  readonly nowMs: () => number;
  readonly random: () => number;
}): Calls {
  const { database, documents, notes, log, nowMs } = deps;
  const live = new Map<InterviewId, Live>();
  let connectedMs: number | undefined;
  let connections = 0;
  let ended = false;

  const liveOf = (at: At): Live => {
    const { tenantId, interviewId } = at;
    const held = live.get(interviewId);
    if (held) return held;
    const entry: Live = {
      at: { tenantId, interviewId },
      openSince: new Map(),
      readySinceMs: undefined,
      acknowledged: -1,
      running: undefined,
      next: undefined,
      stamping: Promise.resolve(),
    };
    live.set(interviewId, entry);
    return entry;
  };

  const failed = (event: string, at: At) => (cause: unknown) =>
    log.error(event, { interviewId: at.interviewId, cause });

  const changed = (at: At): Promise<RecordingView> => {
    const entry = liveOf(at);
    if (!entry.running) {
      entry.running = refresh(entry).finally(() => (entry.running = undefined));
      return entry.running;
    }
    // Whoever asks now may have changed what the running one has read already.
    entry.next ??= entry.running
      .catch(() => recordingOff) // Its own callers hear of it; this one only waits for its end.
      .then(() => {
        entry.next = undefined;
        return changed(at);
      });
    return entry.next;
  };

  const refresh = async (entry: Live): Promise<RecordingView> => {
    for (let attempt = 0; ; attempt++) {
      const read = await database.tenant(entry.at.tenantId, async (trx) => {
        const rows = await readCall(trx, entry.at.interviewId);
        if (!rows) return undefined;
        noteSources(entry, rows, nowMs());
        const view = viewOf(rows, entry.openSince, nowMs());
        return { rows, view, written: await writeView(trx, rows.interview, view) };
      });
      if (!read) return recordingOff; // Deleted meanwhile.
      const { rows, written } = read;
      for (const { seatId, removed } of rows.seats) {
        if (!removed) continue;
        documents.closeSeat(entry.at.interviewId, seatId);
        notes.closeSeat(entry.at.interviewId, seatId);
      }
      if (!written && attempt < 5) continue;
      if (await startIfReady(entry, rows)) continue;
      const { revision, view } = written ?? { revision: rows.interview.call_revision, view: read.view };
      if (revision > entry.acknowledged) link.sendCall(callState(rows, revision, view));
      // Whoever reads along is seen: a page that left, or was cut off for long, reads nothing more.
      const inCall = seatsInCall(rows.interview.participants);
      documents.keepReaders(entry.at.interviewId, inCall);
      notes.keepWriters(entry.at.interviewId, inCall);
      documents.tell(entry.at, "recording", view);
      // Never holds up control: when it fails, the next tick writes it.
      await writeDocument(entry.at, rows, view).catch(failed("calls.document_failed", entry.at));
      return view;
    }
  };

  const writeDocument = (
    at: At,
    { interview, losses, offers, suggestions }: CallRows,
    view: RecordingView,
  ): Promise<void> =>
    documents.write(at, (doc) => {
      doc.setInterview({
        title: interview.title,
        candidateName: interview.candidate_name,
        startsAtMs: interview.starts_at.getTime(),
        durationMinutes: interview.duration_minutes,
        language: interview.language,
        captionsForCandidate: interview.captions_for_candidate,
        ended: interview.ended_at !== null || interview.cancelled_at !== null,
      });
      doc.setRecording(view);
      doc.setParticipants(interview.participants);
      doc.setLosses(losses);
      doc.setOffers(offers);
      if (interview.template) doc.setPlan(livePlan(interview.template, interview.progress ?? noProgress));
      doc.setSuggestions(suggestions);
      doc.setMarks(interview.marks_seq);
      if (interview.speech) doc.setSpeech(interview.speech);
    });

  const onAccepted = (call: CallState, accepted: Parameters<OnAccepted>[1]): void => {
    const entry = liveOf(call);
    const connection = connections;
    const recordingId = call.recording?.recordingId;
    const { clock, transitions } = accepted;
    entry.stamping = entry.stamping
      .then(async () => {
        const fresh =
          recordingId !== undefined &&
          (await database.tenant(call.tenantId, (trx) => writeStamps(trx, recordingId, clock, transitions)));
        // Not before: a call whose stamps could not be stored is told again, and answered with the same ones.
        if (connection === connections) entry.acknowledged = Math.max(entry.acknowledged, call.revision);
        if (fresh) await changed(call);
      })
      .catch(failed("calls.stamps_failed", call));
  };

  const rooms = createHeardRooms({ database, log, onStored: changed });

  /** Starts by itself as soon as interviewer and consenting candidate are both in, by what the media server said last. */
  const startIfReady = async (entry: Live, rows: CallRows): Promise<boolean> => {
    const { at } = entry;
    if (!link.connected || !rooms.stored(at.interviewId)) return false;
    const ready = readyToStart(rows);
    if (!ready) entry.readySinceMs = undefined;
    if (!ready || !startsNow(ready, (entry.readySinceMs ??= nowMs()), nowMs())) return false;
    const started = await deps
      .controls()
      .startBySystem(at, ready.interviewer)
      .catch((cause: unknown) => {
        // The next tick tries again; what everybody reads must not wait for it.
        failed("calls.start_failed", at)(cause);
        return false;
      });
    if (started) log.info("recording.started_by_itself", { interviewId: at.interviewId });
    return started;
  };

  const link: ControlLink = openControlLink({
    ...deps.sfu,
    log,
    random: deps.random,
    onConnected: () => {
      connectedMs = nowMs();
      connections++;
      rooms.beginAnew();
      for (const entry of live.values()) entry.acknowledged = -1;
      beat();
    },
    onAccepted,
    onRoom: rooms.hear,
  });

  /** The connection on which the media server was told which calls there are. */
  let namedOn = 0;
  const listening = createListening(database);
  /** Repeats what was not acknowledged, computes figures anew, and finds what another process changed. */
  const tick = async (): Promise<void> => {
    rooms.retry();
    await listening.say(link.connected && !rooms.failing ? connections : undefined);
    const connection = connections;
    const found = await findLive(database);
    const known = new Set(found.map(({ interviewId }) => interviewId));
    for (const id of live.keys()) if (!known.has(id)) live.delete(id);
    const roomsNamed = link.connected && connectedMs !== undefined && nowMs() - connectedMs > ROOMS_NAMED_MS;
    const serve = async (at: At): Promise<void> => {
      if (roomsNamed && !rooms.heard(at.interviewId))
        rooms.hear({ type: "room", ...at, participants: [], presence: [] });
      else await changed(at).catch(failed("calls.refresh_failed", at));
    };
    // A few at once: each waits for Postgres most of its time, and connections are left for everybody else.
    for (let n = 0; n < found.length; n += AT_ONCE) await Promise.all(found.slice(n, n + AT_ONCE).map(serve));
    if (namedOn !== connection && connection === connections && link.connected) {
      namedOn = connection;
      link.sendCalls([...known]);
    }
    await forgetQuiet(database, found);
  };
  let ticking: Promise<void> | undefined;
  const beat = (): void => {
    if (ended) return;
    ticking ??= tick()
      .catch((cause: unknown) => log.warn("calls.tick_failed", { cause }))
      .finally(() => (ticking = undefined));
  };
  const timer = setInterval(beat, TICK_MS);

  return {
    get connected() {
      return link.connected;
    },
    changed,
    async mustBeKnown(at) {
      if (link.connected && (live.get(at.interviewId)?.acknowledged ?? -1) >= 0) return;
      await changed(at);
    },
    async mustBeIn({ tenantId, interviewId, seatId }) {
      const until = performance.now() + ARRIVING_MS;
      for (;;) {
        // Asked for first: what is stored while we look is not missed.
        const next = rooms.nextStored();
        const participants = await database.tenant(tenantId, (trx) => readParticipants(trx, interviewId));
        if (seatsInCall(participants).has(seatId)) return;
        const left = until - performance.now();
        if (left <= 0) throw absent();
        await Promise.race([next, delay(left)]);
      }
    },
    caption(interviewId, seatId, text, final) {
      link.sendCaption({ interviewId, seatId, text, final });
    },
    async [Symbol.asyncDispose]() {
      ended = true;
      clearInterval(timer);
      await link[Symbol.asyncDispose]();
      await ticking;
      // What is under way ends before the database it works on is closed; each has said what failed.
      await rooms.settled();
      for (const { stamping, running, next } of live.values()) {
        await Promise.allSettled([stamping, running ?? Promise.resolve(), next ?? Promise.resolve()]);
      }
    },
  };
}

type OnAccepted = Parameters<typeof openControlLink>[0]["onAccepted"];

function noteSources({ openSince }: Live, { interview }: CallRows, nowMs: number): void {
  for (const { seatId, presence, microphone, camera } of interview.participants) {
    for (const [kind, on] of [
      ["audio", microphone === "on"],
      ["camera", camera],
    ] as const) {
      const track = trackId(seatId, kind);
      if (presence !== "here" || !on) openSince.delete(track);
      else if (!openSince.has(track)) openSince.set(track, nowMs);
    }
  }
}
