-- Safe while an older version runs: it adds a table only.
-- Whose words a Yjs client writes in a document of notes. Nobody writes on under a client of somebody else's: that person's
-- own words of the same number would then be taken for known, and lost.
create table verbatim.document_client (
  tenant_id uuid not null,
  document text not null,
  client bigint not null,
  person text not null,
  primary key (tenant_id, document, client)
);
select verbatim.secure('verbatim.document_client', 'select, insert');
