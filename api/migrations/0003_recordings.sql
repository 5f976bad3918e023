-- Safe while an older version runs: new tables.
create table verbatim.recording (
  tenant_id uuid not null,
  id uuid primary key,
  interview_id uuid not null references verbatim.interview (id) on delete cascade,
  part integer not null,
  created_at timestamptz not null default now(),
  -- Control: see shared/src/recording/state.ts. Every change is one update where epoch and revision are the ones seen.
  phase text not null default 'idle' check (phase in ('idle', 'recording', 'paused', 'stopped', 'closed')),
  before text not null default 'recording' check (before in ('recording', 'paused')),
  controller_seat_id uuid,
  controller_name text not null default '',
  epoch integer not null default 0,
  revision integer not null default 0,
  stopped_at_ms bigint,
  started_at timestamptz,
  clock jsonb,
  -- Stopped, and its last manifest does not yet hold everything.
  assemble_wanted boolean not null default false,
  assemble_wanted_at timestamptz,
  outcome text check (outcome in ('assembling', 'complete', 'complete_with_gaps', 'failed')),
  outcome_revision integer not null default 0,
  failure text not null default '',
  unique (interview_id, part)
);
create index recording_open on verbatim.recording (tenant_id) where phase in ('recording', 'paused', 'stopped');
create index recording_wanted on verbatim.recording (tenant_id) where assemble_wanted;

create table verbatim.transition (
  tenant_id uuid not null,
  recording_id uuid not null references verbatim.recording (id) on delete cascade,
  revision integer not null,
  "to" text not null check ("to" in ('recording', 'paused', 'stopped', 'closed')),
  -- The media server's monotonic clock; null until it accepted the transition.
  at_us bigint,
  by_seat_id uuid,
  created_at timestamptz not null default now(),
  primary key (recording_id, revision)
);

create table verbatim.acknowledgement (
  tenant_id uuid not null,
  recording_id uuid not null references verbatim.recording (id) on delete cascade,
  epoch integer not null,
  seat_id uuid not null,
  safe_ms bigint not null,
  at timestamptz not null default now(),
  primary key (recording_id, epoch, seat_id)
);

-- Changes of a speaking seat's presence on the media server's clock.
create table verbatim.presence (
  tenant_id uuid not null,
  interview_id uuid not null references verbatim.interview (id) on delete cascade,
  seat_id uuid not null,
  role text not null,
  presence text not null check (presence in ('here', 'away', 'left')),
  at_us bigint not null,
  received_at timestamptz not null default now(),
  primary key (interview_id, seat_id, at_us, presence)
);

-- A recorder run's lease and figures; times are the database's.
create table verbatim.run (
  tenant_id uuid not null,
  id uuid primary key,
  interview_id uuid not null,
  recording_id uuid not null references verbatim.recording (id) on delete cascade,
  clock jsonb not null,
  start_samples bigint not null,
  durable_samples bigint not null,
  stored_samples bigint not null,
  end_samples bigint,
  backlog integer not null,
  tracks jsonb not null,
  first_seen_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  -- When durable_samples last grew.
  moved_at timestamptz not null default now()
);
create index run_recording on verbatim.run (tenant_id, recording_id);

create table verbatim.track (
  tenant_id uuid not null,
  recording_id uuid not null references verbatim.recording (id) on delete cascade,
  track_id text not null,
  seat_id uuid not null,
  role text not null,
  kind text not null,
  codec text not null,
  primary key (recording_id, track_id)
);

create table verbatim.chunk (
  tenant_id uuid not null,
  key text primary key,
  interview_id uuid not null,
  recording_id uuid not null references verbatim.recording (id) on delete cascade,
  media_type text not null,
  run_id uuid not null,
  track text not null,
  seq integer not null,
  start_samples bigint not null,
  end_samples bigint not null,
  bytes bigint not null,
  sha256 text not null,
  source text not null,
  gaps jsonb not null,
  previous_sha256 text,
  stored_at timestamptz not null default now(),
  unique (run_id, track, seq)
);
create index chunk_recording on verbatim.chunk (tenant_id, recording_id, start_samples);

create table verbatim.segment (
  tenant_id uuid not null,
  recording_id uuid not null references verbatim.recording (id) on delete cascade,
  id text not null,
  interview_id uuid not null,
  seat_id uuid not null,
  start_ms bigint not null,
  end_ms bigint not null,
  text text not null,
  words jsonb not null,
  primary key (recording_id, id)
);

-- One row per assembly asked for; `content` is the exact text that is signed, so a repeated try writes the same bytes.
create table verbatim.manifest (
  tenant_id uuid not null,
  interview_id uuid not null references verbatim.interview (id) on delete cascade,
  revision integer not null,
  recording_id uuid not null references verbatim.recording (id) on delete cascade,
  key text not null,
  content text not null,
  fingerprint text not null,
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  finished_at timestamptz,
  primary key (interview_id, revision)
);
create index manifest_unsent on verbatim.manifest (tenant_id) where sent_at is null;

create table verbatim.assembly (
  tenant_id uuid not null,
  recording_id uuid not null references verbatim.recording (id) on delete cascade,
  revision integer not null,
  result jsonb not null,
  at timestamptz not null default now(),
  primary key (recording_id, revision)
);

-- Every update of a document, in order, before anybody is sent it.
create table verbatim.document_update (
  tenant_id uuid not null,
  document text not null,
  seq bigint generated always as identity,
  update bytea not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, document, seq)
);
