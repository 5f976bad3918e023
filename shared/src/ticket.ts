import { z } from "zod";
import { WhichNotes } from "./document/notes.ts";
import { DeviceId, InterviewId, Role, SeatId, TenantId } from "./ids.ts";

/**
 * The only thing the sfu and the documents believe about a person: a JWT (HS256, TICKET_SECRET) signed by
 * the api, good for 30 s, for one socket of one interview in one role. `jti` is single-use.
 */
export const Ticket = z.object({
  aud: z.enum(["call", "probe", "document"]),
  jti: z.uuid(),
  exp: z.int(),
  tenantId: TenantId,
  interviewId: InterviewId,
  seatId: SeatId,
  deviceId: DeviceId,
  role: Role,
  name: z.string().min(1).max(200),
  /** Accepted the notice. Without it the sfu refuses to tap. */
  consented: z.boolean(),
  /** Hosts, observers and people admitted before walk in; others wait for a host. */
  admitted: z.boolean(),
});
export type Ticket = z.infer<typeof Ticket>;

/**
 * As above, for the notes of an interview. `person` is whose words they are and whose the private ones: an account wherever it
 * writes from, else a seat. Who writes from the interview's page has no seat.
 */
export const NotesTicket = z.object({
  aud: z.literal("notes"),
  jti: z.uuid(),
  exp: z.int(),
  tenantId: TenantId,
  interviewId: InterviewId,
  which: WhichNotes,
  person: z.string().regex(/^(user|seat):[\w-]{1,64}$/),
  seatId: SeatId.nullable(),
  name: z.string().min(1).max(200),
});
export type NotesTicket = z.infer<typeof NotesTicket>;

export const TICKET_SECONDS = 30;
