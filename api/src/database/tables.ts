import type { ColumnType, Generated } from "kysely";
import type { PlanProgress } from "@verbatim/shared/plan/live-plan";
import type { Template } from "@verbatim/shared/plan/template";
import type { RecordingClock } from "@verbatim/shared/clock";
import type { Participant } from "@verbatim/shared/control/protocol";
import type { SpeechState, Word } from "@verbatim/shared/events/protocol";
import type { InterviewId, RecordingId, Role, RunId, SeatId, TenantId, TrackKind } from "@verbatim/shared/ids";
import type { Transition } from "@verbatim/shared/recording/control";
import type { MediaType } from "@verbatim/shared/recording/keys";
import type { Assembly, ChunkGap, ManifestTrack } from "@verbatim/shared/recording/manifest";
import type { Control } from "@verbatim/shared/recording/state";
import type { ControllerFrom, RecordingView } from "@verbatim/shared/recording/view";
import type { CreatedAt, Json, NullableJson, OptionalTime } from "./columns.ts";
import type * as people from "./people-tables.ts";

export type InterviewTable = {
  tenant_id: TenantId;
  id: InterviewId;
  title: string;
  candidate_name: string;
  starts_at: Date;
  zone: string;
  duration_minutes: number;
  language: string;
  auto_start: boolean;
  created_by: string;
  host_name: string;
  organisation: string;
  created_at: CreatedAt;
  captions_for_candidate: Generated<boolean>;
  ended_at: OptionalTime;
  call_revision: Generated<number>;
  view: NullableJson<RecordingView>;
  participants: ColumnType<Participant[], string | undefined, string>;
  speakers_gone_at: OptionalTime;
  live_at: OptionalTime;
  speech: NullableJson<SpeechState>;
  manifest_revision: Generated<number>;
  contact: Generated<string>;
  kept_months: Generated<number>;
  sequence: Generated<number>;
  changed_at: CreatedAt;
  moved_from: OptionalTime;
  cancelled_at: OptionalTime;
  record_picture: Generated<boolean>;
  chat_seq: Generated<number>;
  marks_seq: Generated<number>;
  candidate_gone_at: OptionalTime;
  kept_without_candidate: Generated<boolean>;
  template: NullableJson<Template>;
  progress: NullableJson<PlanProgress>;
};

export type AuditTable = {
  tenant_id: TenantId;
  id: Generated<number>;
  interview_id: InterviewId | null;
  at: CreatedAt;
  actor: string;
  action: string;
  detail: ColumnType<Record<string, unknown>, string | undefined, never>;
};

export type RecordingTable = {
  tenant_id: TenantId;
  id: RecordingId;
  interview_id: InterviewId;
  part: number;
  created_at: CreatedAt;
  phase: Generated<Control["phase"]>;
  before: Generated<Control["before"]>;
  controller_seat_id: SeatId | null;
  controller_name: Generated<string>;
  controller_since_ms: ColumnType<number | null, number | null | undefined, number | null>;
  controller_from: NullableJson<ControllerFrom>;
  epoch: Generated<number>;
  revision: Generated<number>;
  stopped_at_ms: ColumnType<number | null, number | null | undefined, number | null>;
  started_at: OptionalTime;
  clock: NullableJson<RecordingClock>;
  assemble_wanted: Generated<boolean>;
  assemble_wanted_at: OptionalTime;
  outcome: ColumnType<Outcome | null, Outcome | null | undefined, Outcome | null>;
  outcome_revision: Generated<number>;
  transcript: Generated<number>;
  failure: Generated<string>;
};
export type Outcome = "assembling" | "complete" | "complete_with_gaps" | "failed";

export type TransitionTable = {
  tenant_id: TenantId;
  recording_id: RecordingId;
  revision: number;
  to: Transition["to"];
  at_us: number | null;
  by_seat_id: SeatId | null;
  created_at: CreatedAt;
};

export type AcknowledgementTable = {
  tenant_id: TenantId;
  recording_id: RecordingId;
  epoch: number;
  seat_id: SeatId;
  safe_ms: number;
  at: CreatedAt;
};

export type ControlLossTable = {
  tenant_id: TenantId;
  interview_id: InterviewId;
  recording_id: RecordingId;
  epoch: number;
  seat_id: SeatId;
  by_seat_id: SeatId;
  by_name: string;
  at_ms: number;
  settled_at: OptionalTime;
};

export type PresenceTable = {
  tenant_id: TenantId;
  interview_id: InterviewId;
  seat_id: SeatId;
  role: Role;
  presence: "here" | "away" | "left";
  at_us: number;
  received_at: CreatedAt;
};

export type RunTable = {
  tenant_id: TenantId;
  id: RunId;
  interview_id: InterviewId;
  recording_id: RecordingId;
  clock: Json<RecordingClock>;
  start_samples: number;
  durable_samples: number;
  stored_samples: number;
  end_samples: number | null;
  backlog: number;
  tracks: Json<(ManifestTrack & { lastPacketSamples: number; pictureGaps?: ChunkGap[] | undefined })[]>;
  first_seen_at: CreatedAt;
  last_seen_at: CreatedAt;
  moved_at: CreatedAt;
};

export type TrackTable = {
  tenant_id: TenantId;
  recording_id: RecordingId;
  track_id: string;
  seat_id: SeatId;
  role: Role;
  kind: TrackKind;
  codec: string;
};

export type ChunkTable = {
  tenant_id: TenantId;
  key: string;
  interview_id: InterviewId;
  recording_id: RecordingId;
  media_type: MediaType;
  run_id: RunId;
  track: string;
  seq: number;
  start_samples: number;
  end_samples: number;
  bytes: number;
  sha256: string;
  source: string;
  gaps: Json<ChunkGap[]>;
  previous_sha256: string | null;
  stored_at: CreatedAt;
};

export type SegmentTable = {
  tenant_id: TenantId;
  recording_id: RecordingId;
  id: string;
  interview_id: InterviewId;
  seat_id: SeatId;
  start_ms: number;
  end_ms: number;
  text: string;
  words: Json<Word[]>;
  transcript: Generated<number>;
};

export type ManifestTable = {
  tenant_id: TenantId;
  interview_id: InterviewId;
  revision: number;
  recording_id: RecordingId;
  key: string;
  content: string;
  fingerprint: string;
  created_at: CreatedAt;
  sent_at: OptionalTime;
  finished_at: OptionalTime;
};

export type AssemblyTable = {
  tenant_id: TenantId;
  recording_id: RecordingId;
  revision: number;
  result: Json<Assembly>;
  at: CreatedAt;
};

export type DocumentUpdateTable = {
  tenant_id: TenantId;
  document: string;
  seq: Generated<number>;
  update: Buffer;
  created_at: CreatedAt;
};

export type DocumentClientTable = { tenant_id: TenantId; document: string; client: number; person: string };

/** Tables with rows of tenants; behind row security. */
export type TenantTables = {
  interview: InterviewTable;
  link: people.LinkTable;
  seat: people.SeatTable;
  seat_cookie: people.SeatCookieTable;
  consent: people.ConsentTable;
  notice_text: people.NoticeTextTable;
  notice_version: people.NoticeVersionTable;
  seat_handover: people.SeatHandoverTable;
  seat_offer: people.SeatOfferTable;
  ticket_used: people.TicketUsedTable;
  chat_message: people.ChatMessageTable;
  mark_change: people.MarkChangeTable;
  audit: AuditTable;
  recording: RecordingTable;
  transition: TransitionTable;
  acknowledgement: AcknowledgementTable;
  control_loss: ControlLossTable;
  presence: PresenceTable;
  run: RunTable;
  track: TrackTable;
  chunk: ChunkTable;
  segment: SegmentTable;
  suggestion: people.SuggestionTable;
  model_use: people.ModelUseTable;
  manifest: ManifestTable;
  assembly: AssemblyTable;
  document_update: DocumentUpdateTable;
  document_client: DocumentClientTable;
};

/** Tables without row security: which tenants there are, and whether anybody listens. */
export type SystemTables = {
  tenant: { id: TenantId; name: string; created_at: CreatedAt };
  listening: { only_row: Generated<boolean>; since: Date; until: Date };
  setup_done: { only_row: Generated<boolean>; tenant_id: TenantId; at: CreatedAt };
};
