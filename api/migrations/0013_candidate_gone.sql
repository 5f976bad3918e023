-- Safe while an older version runs: columns that it neither reads nor writes.
-- Since when every candidate has left for good, by the media server's word; null while one is there, or may come back.
alter table verbatim.interview add column candidate_gone_at timestamptz;
-- Staff want the recording to go on without a candidate. Ends with the candidate's return.
alter table verbatim.interview add column kept_without_candidate boolean not null default false;
