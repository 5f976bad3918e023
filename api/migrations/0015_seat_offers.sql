-- Safe while an older version runs: a new table.
-- An observer was offered a co-interviewer's seat. One offer to a seat stands at a time, for five minutes.
create table verbatim.seat_offer (
  tenant_id uuid not null,
  id uuid primary key,
  interview_id uuid not null references verbatim.interview (id) on delete cascade,
  -- The observer's seat, and no other, may accept.
  seat_id uuid not null references verbatim.seat (id) on delete cascade,
  by_seat_id uuid not null,
  by_name text not null,
  offered_at timestamptz not null default now(),
  expires_at timestamptz not null default now() + interval '5 minutes',
  answer text check (answer in ('accepted', 'declined', 'withdrawn', 'expired')),
  answered_at timestamptz,
  -- The seat that an accepted offer became.
  new_seat_id uuid references verbatim.seat (id) on delete cascade,
  check ((answer = 'accepted') = (new_seat_id is not null))
);
create unique index seat_offer_open on verbatim.seat_offer (seat_id) where answer is null;
create index seat_offer_interview on verbatim.seat_offer (tenant_id, interview_id, seat_id, offered_at);
create unique index seat_offer_new_seat on verbatim.seat_offer (new_seat_id) where new_seat_id is not null;

select verbatim.secure('verbatim.seat_offer', 'select, insert');
grant update (answer, answered_at, new_seat_id) on verbatim.seat_offer to verbatim_app;
