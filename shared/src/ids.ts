import { z } from "zod";

const id = <Brand extends string>(_brand: Brand) => z.uuid().brand<Brand>();

export const TenantId = id("TenantId");
export type TenantId = z.infer<typeof TenantId>;
export const InterviewId = id("InterviewId");
export type InterviewId = z.infer<typeof InterviewId>;
/** One uninterrupted intent to record, from Start to closing; an interview may have several parts. */
export const RecordingId = id("RecordingId");
export type RecordingId = z.infer<typeof RecordingId>;
/** One capture process' unbroken capture of one recording. */
export const RunId = id("RunId");
export type RunId = z.infer<typeof RunId>;
/** One person's place in one interview; survives reloads, devices and network changes. */
export const SeatId = id("SeatId");
export type SeatId = z.infer<typeof SeatId>;
/** One browser of one person, bound by cookie when the link is first opened there. */
export const DeviceId = id("DeviceId");
export type DeviceId = z.infer<typeof DeviceId>;

/** What a track carries. Camera and screen have their place everywhere before they are recorded. */
export const TrackKind = z.enum(["audio", "camera", "screen"]);
export type TrackKind = z.infer<typeof TrackKind>;

/** One seat's one medium: a new producer of the same seat continues it. */
export const TrackId = z
  .string()
  .regex(/^[0-9a-f-]{36}-(audio|camera|screen)$/, "must be {seat}-{audio|camera|screen}")
  .brand<"TrackId">();
export type TrackId = z.infer<typeof TrackId>;

export function trackId(seat: SeatId, kind: TrackKind): TrackId {
  return TrackId.parse(`${seat}-${kind}`);
}

export const Role = z.enum(["interviewer", "co-interviewer", "candidate", "observer"]);
export type Role = z.infer<typeof Role>;

/** Roles whose microphone may be opened, and is recorded. */
export const speaks = (role: Role): boolean => role !== "observer";

/** Roles that see staff material: live document, notes, suggestions. */
export const isStaff = (role: Role): boolean => role !== "candidate";

/** Roles that let people in and end the call. */
export const hosts = (role: Role): boolean => role === "interviewer" || role === "co-interviewer";

/** Who may close whose place in a call. Every host may close an observer's, the interviewer everybody's; nobody removes the interviewer. */
export const mayRemove = (by: Role, whom: Role): boolean =>
  whom === "observer" ? hosts(by) : by === "interviewer" && whom !== "interviewer";

export const MAX_OBSERVERS = 5;

/** What a seat's words stand under: its person's name, or that others sit at the same microphone. */
export const speakerName = (name: string, several: boolean): string => (several ? `${name} and others` : name);
