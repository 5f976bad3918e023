-- Safe while an older version runs: a new table; while nobody writes it, no recording is ended for being left alone.
-- Since when an api hears the media server and the recorders without a break. One row for all of them.
create table verbatim.listening (
  only_row boolean primary key default true check (only_row),
  since timestamptz not null,
  until timestamptz not null
);
grant select, insert, update on verbatim.listening to verbatim_app;
