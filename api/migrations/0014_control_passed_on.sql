-- Safe while an older version runs: a column that it neither reads nor writes.
-- From whom the controller has it, where it was passed on and not taken; otherwise null.
alter table verbatim.recording add column controller_from jsonb;
