create schema if not exists ashlar;
comment on schema ashlar is 'Ashlar''s own records. Not for requests.';

-- A table is closed until a GRANT opens it: the roles of requests may look into the schema, no more.
-- ashlar:optional Requests cannot look into the schema public, because it belongs to someone else. Its owner can mend that: grant usage on schema public to anon, authenticated, service_role
grant usage on schema public to anon, authenticated, service_role;

-- ashlar:optional Everybody may create tables in the schema public, because it belongs to someone else. Its owner can mend that: revoke create on schema public from public
revoke create on schema public from public;

-- service_role is the owner's own key, so what the owner makes is open to it.
alter default privileges in schema public grant all on tables to service_role;
alter default privileges in schema public grant all on sequences to service_role;
alter default privileges in schema public grant all on routines to service_role;

-- A database that exists already has tables.
do $$
declare
  relation record;
begin
  for relation in
    select c.relkind, c.oid::regclass as name
    from pg_class c
    where c.relnamespace = 'public'::regnamespace
      and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
      and pg_has_role(c.relowner, 'usage')
      and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
  loop
    execute format('grant all on %s %s to service_role',
      case relation.relkind when 'S' then 'sequence' else 'table' end, relation.name);
  end loop;
end
$$;

create schema if not exists extensions;
comment on schema extensions is 'Where extensions are put, so that their functions are no part of the API.';
grant usage on schema extensions to anon, authenticated, service_role;

-- ashlar:optional The extension pgcrypto is not there, so digest(), hmac(), crypt() and gen_salt() are not either. gen_random_uuid() is Postgres' own.
create extension if not exists pgcrypto with schema extensions;

-- ashlar:optional The extension "uuid-ossp" is not there; of its functions, uuid_generate_v4() is provided without it.
create extension if not exists "uuid-ossp" with schema extensions;

do $$
begin
  if not exists (select from pg_extension where extname = 'uuid-ossp')
    and to_regprocedure('extensions.uuid_generate_v4()') is null
  then
    create function extensions.uuid_generate_v4() returns uuid
      language sql volatile parallel safe
      as 'select pg_catalog.gen_random_uuid()';
    comment on function extensions.uuid_generate_v4() is 'A random UUID. Stands in for the extension "uuid-ossp", which this server has not got.';
  end if;
end
$$;
