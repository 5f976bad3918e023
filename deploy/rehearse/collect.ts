import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Review } from "@verbatim/shared/api/interviews";
import { readEnv } from "@verbatim/hands/config";
import { createLog } from "@verbatim/hands/log";
import { openStore, storeEnv } from "@verbatim/hands/store/open";
import type { Stack } from "../local/stack.ts";
import type { Client } from "./client.ts";
import type { Report, Speaker } from "./report.ts";

/** Writes what the product made into the folder: master, tracks, transcript. */
export async function collectFiles(client: Client, review: Review, out: string): Promise<void> {
  await mkdir(join(out, "tracks"), { recursive: true });
  if (review.masterUrl) await writeFile(join(out, "master.mp3"), await client.download(review.masterUrl));
  for (const track of review.tracks) {
    const ending = track.key.slice(track.key.lastIndexOf("."));
    await writeFile(join(out, "tracks", `${track.role}${ending}`), await client.download(track.url));
  }
  await writeFile(join(out, "transcript.json"), `${JSON.stringify(review.segments, null, 2)}\n`);
}

/** A copy of every stored object of the interview, under its key. */
export async function copyStore(stack: Stack, interviewId: string, out: string): Promise<void> {
  const { env, dataDir } = stack.settings;
  const { store: config } = readEnv(storeEnv, { ...env, DATA_DIR: dataDir });
  const store = await openStore(config, createLog("rehearse", "warn"));
  for await (const { key } of store.list("recordings/")) {
    if (!key.includes(`/${interviewId}/`)) continue;
    const file = join(out, "store", key);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, await store.get(key));
  }
}

/** The recording as the report tells it; `none` where there is none. Only the two speakers have a place in it. */
export function recordingOf(review: Review | undefined): Report["recording"] {
  if (!review) {
    const coverage = { interviewer: 0, candidate: 0 };
    return { state: "none", durationMs: 0, coverage, gaps: [], absences: [], chunks: [], masterKey: null };
  }
  const ratio = (speaker: Speaker): number => review.coverage.find((each) => each.role === speaker)?.ratio ?? 0;
  return {
    state: review.state,
    durationMs: review.durationMs,
    coverage: { interviewer: ratio("interviewer"), candidate: ratio("candidate") },
    gaps: review.gaps.flatMap(({ role, startMs, endMs, cause }) => {
      return isSpeaker(role) ? [{ speaker: role, startMs, endMs, cause }] : [];
    }),
    absences: review.absences.flatMap(({ role, startMs, endMs }) => {
      return isSpeaker(role) ? [{ speaker: role, startMs, endMs }] : [];
    }),
    chunks: review.chunks.map(({ key, mediaType, run, track, seq, startMs, endMs, bytes, sha256, source }) => {
      return { key, mediaType, run, track, seq, startMs, endMs, bytes, sha256, source };
    }),
    masterKey: review.masterKey,
  };
}

export const transcriptOf = (segments: Review["segments"]): Report["transcript"] =>
  segments.flatMap(({ role, startMs, endMs, text }) =>
    isSpeaker(role) ? [{ speaker: role, startMs, endMs, text }] : [],
  );

const isSpeaker = (role: string): role is Speaker => role === "interviewer" || role === "candidate";
