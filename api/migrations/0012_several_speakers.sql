-- Safe while an older version runs: a column with a default. Several people sit at this seat's microphone.
alter table verbatim.seat add column several boolean not null default false;
