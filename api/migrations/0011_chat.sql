-- Safe while an older version runs: a column with a default, and a new table.
-- How many messages there are: the number of the last one.
alter table verbatim.interview add column chat_seq bigint not null default 0;

create table verbatim.chat_message (
  tenant_id uuid not null,
  interview_id uuid not null references verbatim.interview (id) on delete cascade,
  -- Made by the page that sent it, so that a repeated try is the same message.
  id uuid not null,
  seq bigint not null,
  seat_id uuid not null references verbatim.seat (id) on delete cascade,
  text text not null,
  at timestamptz not null default now(),
  primary key (interview_id, id),
  unique (interview_id, seq)
);

select verbatim.secure('verbatim.chat_message', 'select, insert');
