-- Safe while an older version runs: columns with defaults, and new tables.
alter table verbatim.interview
  -- Whom people with a link ask: an e-mail address or a telephone number.
  add column contact text not null default '',
  -- How long the organisation keeps what was recorded, as the notice says.
  add column kept_months integer not null default 6,
  -- Grows with every change that a calendar must learn.
  add column sequence integer not null default 0,
  add column changed_at timestamptz not null default now(),
  -- When it was planned before it was moved last.
  add column moved_from timestamptz,
  add column cancelled_at timestamptz;

-- What staff wrote for one interview in one language; the last row counts.
create table verbatim.notice_text (
  tenant_id uuid not null,
  id bigint generated always as identity primary key,
  interview_id uuid not null references verbatim.interview (id) on delete cascade,
  language text not null,
  -- Empty: the default text again.
  text text not null,
  written_by text not null,
  at timestamptz not null default now()
);
create index notice_text_last on verbatim.notice_text (tenant_id, interview_id, language, id desc);

-- Every notice that somebody answered, word for word.
create table verbatim.notice_version (
  tenant_id uuid not null,
  interview_id uuid not null references verbatim.interview (id) on delete cascade,
  version text not null,
  content jsonb not null,
  at timestamptz not null default now(),
  primary key (interview_id, version)
);

-- Moves a seat to another browser: used once, soon.
create table verbatim.seat_handover (
  tenant_id uuid not null,
  hash bytea primary key,
  interview_id uuid not null references verbatim.interview (id) on delete cascade,
  seat_id uuid not null references verbatim.seat (id) on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);

select verbatim.secure('verbatim.notice_text', 'select, insert');
select verbatim.secure('verbatim.notice_version', 'select, insert');
select verbatim.secure('verbatim.seat_handover', 'select, insert, update, delete');
grant usage on all sequences in schema verbatim to verbatim_app;
