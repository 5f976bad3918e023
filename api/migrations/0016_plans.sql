-- Safe while an older version runs: columns that may be empty, and a new table.
-- The interview's own copy of a template, and how far the talk has come through it.
alter table verbatim.interview add column template jsonb, add column progress jsonb;

-- Follow-up questions. An answer gives up to three; an open one that a later answer overtook is expired.
create table verbatim.suggestion (
  tenant_id uuid not null,
  interview_id uuid not null references verbatim.interview (id) on delete cascade,
  recording_id uuid not null references verbatim.recording (id) on delete cascade,
  -- The answer's last segment, and a hash of the text: made again after a death, it is the same one.
  id text not null,
  at_ms bigint not null,
  source text not null check (source in ('rules', 'model')),
  text text not null,
  competency text not null,
  quote jsonb,
  state text not null default 'open' check (state in ('open', 'pinned', 'asked', 'dismissed', 'expired')),
  by_name text not null default '',
  made_at timestamptz not null default now(),
  primary key (recording_id, id)
);
create index suggestion_interview on verbatim.suggestion (tenant_id, interview_id, state);

select verbatim.secure('verbatim.suggestion', 'select, insert');
grant update (state, by_name) on verbatim.suggestion to verbatim_app;
