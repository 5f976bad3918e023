import type { markFormats } from "@verbatim/shared/api/marks";
import type { MarkFilter } from "@verbatim/shared/marks/listed";
import type { transcriptFormats } from "@verbatim/shared/api/interviews";

/** Addresses of a recording's files. They do not expire: each use asks who is signed in, and leads on by a fresh link. */
export function filesOf(interviewId: string, recordingId: string) {
  const base = `/v1/interviews/${interviewId}/recordings/${recordingId}`;
  return {
    /** With the revision's key, so that no cache takes a newer master for the older one. */
    master: (key: string): string => `${base}/master?${new URLSearchParams({ key })}`,
    savedMaster: `${base}/master?download`,
    savedTrack: (seatId: string): string => `${base}/tracks/${seatId}?download`,
    pictureList: `${base}/pictures.json`,
    /** Of the whole interview: what passes the filter. */
    marks: (format: (typeof markFormats)[number], filter: MarkFilter): string =>
      `/v1/interviews/${interviewId}/marks.${format}?${new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== ""))}`,
    transcript: (format: (typeof transcriptFormats)[number]): string => `${base}/transcript.${format}`,
  };
}
