-- Safe while an older version runs: it adds a table only.
-- What follow-up questions by a model have cost an interview so far, in tokens, and the last answer one was asked about.
create table verbatim.model_use (
  tenant_id uuid not null,
  interview_id uuid primary key references verbatim.interview (id) on delete cascade,
  tokens bigint not null,
  -- The answer's last segment, and whether the model's questions about it were shown.
  asked_about text not null,
  shown boolean not null
);

select verbatim.secure('verbatim.model_use', 'select, insert');
grant update (tokens, asked_about, shown) on verbatim.model_use to verbatim_app;
