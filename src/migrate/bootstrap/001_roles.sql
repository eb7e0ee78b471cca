-- The roles that requests take. They are one per cluster, not per database, so they may be there already.

-- Requests without a token.
create role anon nologin noinherit;

-- Requests with a token that names no other role.
create role authenticated nologin noinherit;

-- Requests of the project's own programs: all rows, whatever the policies say.
-- ashlar:optional service_role could not be made BYPASSRLS, so policies hold for it, too. A superuser can mend that: alter role service_role bypassrls
create role service_role nologin noinherit bypassrls;

-- Where the one above was not permitted; else it is there.
create role service_role nologin noinherit;

-- Names that the SQL of Supabase projects grants to and gives tables to.
create role supabase_admin nologin noinherit;
create role supabase_auth_admin nologin noinherit;
create role supabase_storage_admin nologin noinherit;
create role supabase_realtime_admin nologin noinherit;
create role dashboard_user nologin noinherit;
