-- Safe while an older version runs: a column with a default, which it neither reads nor writes.
-- How long a provider was waited for before a suggestion was made: our own time is the rest.
alter table verbatim.suggestion add column provider_ms int not null default 0 check (provider_ms >= 0);
