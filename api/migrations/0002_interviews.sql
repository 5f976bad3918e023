-- Safe while an older version runs: new tables.
create table verbatim.interview (
  tenant_id uuid not null references verbatim.tenant (id),
  id uuid primary key,
  title text not null,
  candidate_name text not null,
  starts_at timestamptz not null,
  zone text not null,
  duration_minutes integer not null,
  language text not null,
  auto_start boolean not null,
  created_by text not null,
  host_name text not null,
  organisation text not null,
  created_at timestamptz not null default now(),
  captions_for_candidate boolean not null default false,
  ended_at timestamptz,
  -- Counts every change that the media server must learn; it ignores what is older.
  call_revision bigint not null default 0,
  -- What everybody reads about the recording, as last computed from measurement.
  view jsonb,
  -- As last heard from the media server.
  participants jsonb not null default '[]',
  -- Since when nobody who speaks is there; null while somebody is, or before anybody was.
  speakers_gone_at timestamptz,
  -- Last sign of life of the call; null when the media server need not know of it.
  live_at timestamptz,
  speech jsonb,
  notice jsonb,
  manifest_revision integer not null default 0
);
create index interview_list on verbatim.interview (tenant_id, starts_at desc);
create index interview_live on verbatim.interview (tenant_id) where live_at is not null;

-- Invitation links. The secret is derived from id and generation, so the page can show it again; stored is its hash.
create table verbatim.link (
  tenant_id uuid not null,
  id uuid primary key,
  interview_id uuid not null references verbatim.interview (id) on delete cascade,
  role text not null check (role in ('co-interviewer', 'candidate', 'observer')),
  generation integer not null default 1,
  secret_hash bytea not null unique,
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);
create index link_interview on verbatim.link (tenant_id, interview_id);

create table verbatim.seat (
  tenant_id uuid not null,
  id uuid primary key,
  interview_id uuid not null references verbatim.interview (id) on delete cascade,
  role text not null check (role in ('interviewer', 'co-interviewer', 'candidate', 'observer')),
  link_id uuid references verbatim.link (id) on delete cascade,
  user_id text,
  name text not null default '',
  created_at timestamptz not null default now(),
  admitted_at timestamptz,
  removed_at timestamptz
);
create index seat_interview on verbatim.seat (tenant_id, interview_id);
-- One candidate, one seat per account and role, whoever asks at the same moment.
create unique index seat_candidate on verbatim.seat (link_id) where role = 'candidate';
create unique index seat_account on verbatim.seat (interview_id, role, user_id) where user_id is not null;

-- A browser's right to a seat.
create table verbatim.seat_cookie (
  tenant_id uuid not null,
  hash bytea primary key,
  interview_id uuid not null references verbatim.interview (id) on delete cascade,
  seat_id uuid not null references verbatim.seat (id) on delete cascade,
  role text not null,
  device_id uuid not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);

create table verbatim.consent (
  tenant_id uuid not null,
  id bigint generated always as identity primary key,
  interview_id uuid not null references verbatim.interview (id) on delete cascade,
  seat_id uuid not null references verbatim.seat (id) on delete cascade,
  device_id uuid not null,
  notice_version text not null,
  language text not null,
  accepted boolean not null,
  at timestamptz not null default now()
);
create index consent_seat on verbatim.consent (tenant_id, interview_id, seat_id, id desc);

create table verbatim.ticket_used (
  tenant_id uuid not null,
  jti uuid primary key,
  expires_at timestamptz not null
);

-- Who did what. Append-only: the role may insert and read.
create table verbatim.audit (
  tenant_id uuid not null,
  id bigint generated always as identity primary key,
  interview_id uuid,
  at timestamptz not null default now(),
  actor text not null,
  action text not null,
  detail jsonb not null default '{}'
);
create index audit_interview on verbatim.audit (tenant_id, interview_id, id);
