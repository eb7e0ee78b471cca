-- The roles that requests take. They are the cluster's, not the database's, so they may be there already.

-- Requests without a token.
do $$ begin if to_regrole('anon') is null then create role anon nologin noinherit; end if; end $$;

-- Requests with a token that names no other role.
do $$ begin if to_regrole('authenticated') is null then create role authenticated nologin noinherit; end if; end $$;

-- Requests of the project's own programs: all rows, whatever the policies say.
-- ashlar:optional service_role could not be made BYPASSRLS, so policies hold for it, too. A superuser can mend that: alter role service_role bypassrls
do $$ begin if to_regrole('service_role') is null then create role service_role nologin noinherit bypassrls; end if; end $$;
do $$ begin if to_regrole('service_role') is null then create role service_role nologin noinherit; end if; end $$;

-- Names that the SQL of Supabase projects grants to, and gives tables to.
-- ashlar:optional The roles of Supabase's own services could not be created, so SQL that names them fails.
do $$
declare
  name text;
begin
  foreach name in array array[
    'supabase_admin', 'supabase_auth_admin', 'supabase_storage_admin', 'supabase_realtime_admin', 'dashboard_user'
  ] loop
    if to_regrole(name) is null then
      execute format('create role %I nologin noinherit', name);
    end if;
  end loop;
end
$$;
