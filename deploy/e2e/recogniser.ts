import { createEventClient } from "@verbatim/hands/event-client";
import { createLog } from "@verbatim/hands/log";
import type { SpeechState } from "@verbatim/shared/events/protocol";
import { InterviewId, RecordingId, SeatId, TenantId } from "@verbatim/shared/ids";
import pg from "pg";
import type { Stack } from "../local/stack.ts";

export type Speaker = "interviewer" | "candidate";

/** Stands beside scribe and says what was understood, so that nobody has to talk for as long as the words would take. */
export type Recogniser = AsyncDisposable & {
  /** Final words of one speaker, evenly over their time. Resolves when every page is being sent them. */
  said(who: Speaker, startMs: number, text: string): Promise<void>;
  /** What they are saying; empty clears it. */
  saying(who: Speaker, startMs: number, text: string): Promise<void>;
  speech(speech: SpeechState): Promise<void>;
};

/** How long one word takes. */
export const WORD_MS = 330;

/** Of an interview whose recording runs. */
export async function openRecogniser(stack: Stack, interviewId: string): Promise<Recogniser> {
  const { of, seats } = await whoSpeaks(stack, interviewId);
  const closed = new AbortController();
  const events = createEventClient({
    url: stack.urls.apiInternal.replace("http", "ws"),
    secret: stack.env["SERVICE_SECRET"] ?? "",
    from: "recogniser",
    log: createLog("recogniser", "warn"),
    signal: closed.signal,
  });
  return {
    said: (who, startMs, text) => {
      const words = text.split(" ").map((word, index) => ({
        text: word,
        startMs: startMs + index * WORD_MS,
        endMs: startMs + index * WORD_MS + WORD_MS - 30,
        confidence: 0.95,
      }));
      const endMs = words.at(-1)?.endMs ?? startMs;
      return events.send({ type: "words-final", ...of, seatId: seats[who], startMs, endMs, words });
    },
    saying: (who, startMs, text) => events.send({ type: "words-interim", ...of, seatId: seats[who], startMs, text }),
    speech: (speech) => events.send({ type: "speech", ...of, speech }),
    async [Symbol.asyncDispose]() {
      closed.abort();
      await events[Symbol.asyncDispose]();
    },
  };
}

async function whoSpeaks({ urls }: Stack, interviewId: string) {
  const client = new pg.Client({ connectionString: urls.database });
  await client.connect();
  try {
    const recording = await client.query<{ id: string; tenant_id: string }>(
      "select id, tenant_id from recording where interview_id = $1 order by part desc limit 1",
      [interviewId],
    );
    const people = await client.query<{ id: string; role: string }>(
      "select id, role from seat where interview_id = $1",
      [interviewId],
    );
    const seatOf = (role: Speaker) => SeatId.parse(people.rows.find((seat) => seat.role === role)?.id);
    return {
      of: {
        tenantId: TenantId.parse(recording.rows[0]?.tenant_id),
        interviewId: InterviewId.parse(interviewId),
        recordingId: RecordingId.parse(recording.rows[0]?.id),
      },
      seats: { interviewer: seatOf("interviewer"), candidate: seatOf("candidate") },
    };
  } finally {
    await client.end();
  }
}
