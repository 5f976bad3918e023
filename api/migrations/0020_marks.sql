-- Safe while an older version runs: columns with defaults, and a new table.
-- How many acts there are on the interview's transcript: the number of the last one.
alter table verbatim.interview add column marks_seq bigint not null default 0;

-- Annotations and corrections as people made them. Never rewritten: it is their history too.
create table verbatim.mark_change (
  tenant_id uuid not null,
  interview_id uuid not null references verbatim.interview (id) on delete cascade,
  -- Made by the page, so that a repeated try is the same act.
  id uuid not null,
  seq bigint not null,
  -- user:…, seat:… or system.
  author text not null,
  name text not null,
  at timestamptz not null default now(),
  act jsonb not null,
  primary key (interview_id, id),
  unique (interview_id, seq)
);
select verbatim.secure('verbatim.mark_change', 'select, insert');

-- Which transcript of a recording counts. One that was replaced is kept, and what still comes for it goes there.
alter table verbatim.recording add column transcript integer not null default 1;
alter table verbatim.segment add column transcript integer not null default 1;
