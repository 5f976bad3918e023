-- Safe while an older version runs: it does not know the column.
-- Interviews made before have a notice that says that no picture is recorded.
alter table verbatim.interview add column record_picture boolean not null default false;
