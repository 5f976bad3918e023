-- Safe while an older version runs: it adds a function only.
-- Appends one update of a document in one round trip. As a transaction of four (begin, set_config, insert, commit) the api spent
-- more on talking to Postgres than on sending the update to five observers. Row security holds inside it: it runs as its caller.
create function verbatim.append_update(of_tenant uuid, of_document text, made bytea) returns void language sql as $$
  select set_config('app.tenant_id', of_tenant::text, true);
  insert into verbatim.document_update (tenant_id, document, update) values (of_tenant, of_document, made);
$$;
