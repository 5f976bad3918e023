-- Safe while an older version runs: it only makes what nobody uses yet.
-- The services' role owns nothing and cannot pass by row security; connections take it on with SET ROLE.
do $$
begin
  if not exists (select from pg_roles where rolname = 'verbatim_app') then
    create role verbatim_app nologin nosuperuser nobypassrls;
  end if;
end $$;
grant verbatim_app to current_user;
grant usage on schema verbatim to verbatim_app;

-- Work across tenants lists them here, then goes tenant by tenant. No row security: an id and a name.
create table verbatim.tenant (
  id uuid primary key,
  name text not null,
  created_at timestamptz not null default now()
);

-- The first account is made once, whoever asks at the same moment.
create table verbatim.setup_done (
  only_row boolean primary key default true check (only_row),
  tenant_id uuid not null references verbatim.tenant (id),
  at timestamptz not null default now()
);

grant select, insert on verbatim.tenant, verbatim.setup_done to verbatim_app;
