-- Safe while an older version runs, which sets app.tenant_id in every transaction too.
-- Every table with a tenant, present and (by verbatim.secure) later: rows of one tenant only, for the owner too.
create function verbatim.secure(target regclass, rights text) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format(
    'create policy tenant_only on %s using (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)'
    ' with check (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)', target);
  execute format('grant %s on %s to verbatim_app', rights, target);
end $$;
revoke all on function verbatim.secure(regclass, text) from public;

select verbatim.secure(('verbatim.' || name)::regclass, 'select, insert, update, delete')
from unnest(array[
  'interview', 'link', 'seat', 'seat_cookie', 'ticket_used', 'recording', 'transition', 'run', 'track',
  'chunk', 'segment', 'manifest', 'document_update'
]) as name;

-- What happened is never rewritten.
select verbatim.secure(('verbatim.' || name)::regclass, 'select, insert')
from unnest(array['consent', 'audit', 'acknowledgement', 'presence', 'assembly']) as name;

grant usage on all sequences in schema verbatim to verbatim_app;
