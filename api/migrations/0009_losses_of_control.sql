-- Safe while an older version runs: a new table and a column with a default.
-- Control went from one person to another. The one who lost it is told until they say that they know, or have it again.
create table verbatim.control_loss (
  tenant_id uuid not null,
  interview_id uuid not null references verbatim.interview (id) on delete cascade,
  recording_id uuid not null references verbatim.recording (id) on delete cascade,
  -- The epoch that began with it.
  epoch integer not null,
  seat_id uuid not null,
  by_seat_id uuid not null,
  by_name text not null,
  at_ms bigint not null,
  settled_at timestamptz,
  primary key (recording_id, epoch)
);
create index control_loss_open on verbatim.control_loss (tenant_id, interview_id) where settled_at is null;
select verbatim.secure('verbatim.control_loss', 'select, insert');
grant update (settled_at) on verbatim.control_loss to verbatim_app;

-- Since when the controller has it by a takeover, UTC ms; null for who started.
alter table verbatim.recording add column controller_since_ms bigint;
