import { z } from "zod";
import type { InterviewId, RunId, TenantId, TrackId, TrackKind } from "../ids.ts";

export const MediaType = z.enum(["mix", "audio", "video", "screen"]);
export type MediaType = z.infer<typeof MediaType>;

/** What masters, coverage and "in the store until" are about. Pictures come behind it. */
export const isSound = (mediaType: MediaType): boolean => mediaType === "mix" || mediaType === "audio";

export const mediaTypeOf = (kind: TrackKind): MediaType => (kind === "camera" ? "video" : kind);

/** Everything of a tenant, of an interview. The one place that knows the layout: isolation hangs on it. */
const tenantPrefix = (tenant: TenantId): string => `recordings/${tenant}/`;
export const interviewPrefix = (tenant: TenantId, interview: InterviewId): string =>
  `${tenantPrefix(tenant)}${interview}/`;

const eight = (n: number): string => String(n).padStart(8, "0");

/** `recordings/{tenant}/{interview}/{media-type}/{run}/{track}/{seq}.{ext}`; written once, never overwritten. */
export function chunkKey(at: {
  readonly tenantId: TenantId;
  readonly interviewId: InterviewId;
  readonly mediaType: MediaType;
  readonly runId: RunId;
  readonly track: TrackId | "mix";
  readonly seq: number;
  readonly ext: "wav" | "ogg" | "webm" | "mp4";
}): string {
  return `${interviewPrefix(at.tenantId, at.interviewId)}${at.mediaType}/${at.runId}/${at.track}/${eight(at.seq)}.${at.ext}`;
}

/** The signed manifest of one assembly; revisions count over all recordings of the interview. */
export const manifestKey = (tenant: TenantId, interview: InterviewId, revision: number): string =>
  `${interviewPrefix(tenant, interview)}manifest/${eight(revision)}.json`;

/** What an assembly made: the master and one file per speaker. */
export const masterKey = (tenant: TenantId, interview: InterviewId, recording: string, revision: number): string =>
  `${interviewPrefix(tenant, interview)}master/${recording}/${eight(revision)}.mp3`;
export const speakerTrackKey = (
  tenant: TenantId,
  interview: InterviewId,
  recording: string,
  revision: number,
  track: TrackId,
): string => `${interviewPrefix(tenant, interview)}master/${recording}/${eight(revision)}/${track}.mp3`;
