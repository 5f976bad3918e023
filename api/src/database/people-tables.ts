import type { Generated } from "kysely";
import type { InterviewId, RecordingId, Role, SeatId, TenantId } from "@verbatim/shared/ids";
import type { Act, Move } from "@verbatim/shared/marks/act";
import type { Quote, SuggestionState } from "@verbatim/shared/plan/suggestion";
import type { CreatedAt, Json, NullableJson, OptionalTime } from "./columns.ts";

export type LinkTable = {
  tenant_id: TenantId;
  id: string;
  interview_id: InterviewId;
  role: Exclude<Role, "interviewer">;
  generation: Generated<number>;
  secret_hash: Buffer;
  created_at: CreatedAt;
  revoked_at: OptionalTime;
};

export type SeatTable = {
  tenant_id: TenantId;
  id: SeatId;
  interview_id: InterviewId;
  role: Role;
  link_id: string | null;
  user_id: string | null;
  name: string;
  several: Generated<boolean>;
  created_at: CreatedAt;
  admitted_at: OptionalTime;
  removed_at: OptionalTime;
};

export type SeatCookieTable = {
  tenant_id: TenantId;
  hash: Buffer;
  interview_id: InterviewId;
  seat_id: SeatId;
  role: Role;
  device_id: string;
  created_at: CreatedAt;
  expires_at: Date;
};

export type ConsentTable = {
  tenant_id: TenantId;
  id: Generated<number>;
  interview_id: InterviewId;
  seat_id: SeatId;
  device_id: string;
  notice_version: string;
  language: string;
  accepted: boolean;
  at: CreatedAt;
};

export type NoticeTextTable = {
  tenant_id: TenantId;
  id: Generated<number>;
  interview_id: InterviewId;
  language: string;
  text: string;
  written_by: string;
  at: CreatedAt;
};

export type NoticeVersionTable = {
  tenant_id: TenantId;
  interview_id: InterviewId;
  version: string;
  content: Json<unknown>;
  at: CreatedAt;
};

export type SeatHandoverTable = {
  tenant_id: TenantId;
  hash: Buffer;
  interview_id: InterviewId;
  seat_id: SeatId;
  created_at: CreatedAt;
  expires_at: Date;
  used_at: OptionalTime;
};

export type TicketUsedTable = { tenant_id: TenantId; jti: string; expires_at: Date };

export type ChatMessageTable = {
  tenant_id: TenantId;
  interview_id: InterviewId;
  id: string;
  seq: number;
  seat_id: SeatId;
  text: string;
  at: CreatedAt;
};

export type MarkChangeTable = {
  tenant_id: TenantId;
  interview_id: InterviewId;
  id: string;
  seq: number;
  author: string;
  name: string;
  at: CreatedAt;
  act: Json<Act | Move>;
};

export type SeatOfferTable = {
  tenant_id: TenantId;
  id: string;
  interview_id: InterviewId;
  seat_id: SeatId;
  by_seat_id: SeatId;
  by_name: string;
  offered_at: CreatedAt;
  expires_at: CreatedAt;
  answer: "accepted" | "declined" | "withdrawn" | "expired" | null;
  answered_at: OptionalTime;
  new_seat_id: SeatId | null;
};

export type SuggestionTable = {
  tenant_id: TenantId;
  interview_id: InterviewId;
  recording_id: RecordingId;
  id: string;
  at_ms: number;
  source: "rules" | "model";
  text: string;
  competency: string;
  quote: NullableJson<Quote>;
  state: Generated<SuggestionState | "expired">;
  by_name: Generated<string>;
  made_at: CreatedAt;
  provider_ms: Generated<number>;
};

export type ModelUseTable = {
  tenant_id: TenantId;
  interview_id: InterviewId;
  tokens: number;
  asked_about: string;
  shown: boolean;
};
