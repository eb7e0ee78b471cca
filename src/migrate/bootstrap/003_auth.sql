create schema if not exists auth;
comment on schema auth is 'Who the users are, and who asks.';
grant usage on schema auth to anon, authenticated, service_role;

-- The claims of a request's token are the setting request.jwt.claims. Outside of a request it is not set, and
-- after one it is empty. Each function is one plain SELECT, so that Postgres writes it into the query that
-- calls it. The claim that policies ask for row by row is a setting of its own, request.jwt.claim.sub: to read
-- it costs a tenth of what it costs to read the JSON. request.jwt.claim.* is also how older servers passed claims.

create function auth.uid() returns uuid
  language sql stable parallel safe
  return coalesce(
    nullif(current_setting('request.jwt.claim.sub', true), ''),
    nullif(nullif(current_setting('request.jwt.claims', true), '')::json ->> 'sub', '')
  )::uuid;
comment on function auth.uid() is 'The user who asks: the claim sub. Null if there is none.';

create function auth.role() returns text
  language sql stable parallel safe
  return nullif(
    case when nullif(current_setting('request.jwt.claims', true), '') is null
      then current_setting('request.jwt.claim.role', true)
      else current_setting('request.jwt.claims', true)::json ->> 'role'
    end,
    ''
  );
comment on function auth.role() is 'The role of the request''s token: the claim role. Null if there is none.';

create function auth.email() returns text
  language sql stable parallel safe
  return nullif(
    case when nullif(current_setting('request.jwt.claims', true), '') is null
      then current_setting('request.jwt.claim.email', true)
      else current_setting('request.jwt.claims', true)::json ->> 'email'
    end,
    ''
  );
comment on function auth.email() is 'The address of the user who asks: the claim email. Null if there is none.';

create function auth.jwt() returns jsonb
  language sql stable parallel safe
  return coalesce(
    nullif(current_setting('request.jwt.claims', true), ''),
    nullif(current_setting('request.jwt.claim', true), '')
  )::jsonb;
comment on function auth.jwt() is 'All claims of the request''s token. Null outside of a request.';

create table auth.users (
  id uuid not null primary key default gen_random_uuid(),
  instance_id uuid,
  aud varchar(255) default 'authenticated',
  role varchar(255) default 'authenticated',
  email varchar(255),
  encrypted_password varchar(255),
  email_confirmed_at timestamptz,
  invited_at timestamptz,
  confirmation_token varchar(255),
  confirmation_sent_at timestamptz,
  recovery_token varchar(255),
  recovery_sent_at timestamptz,
  email_change_token_new varchar(255),
  email_change varchar(255),
  email_change_sent_at timestamptz,
  email_change_token_current varchar(255) default '',
  email_change_confirm_status smallint default 0 check (email_change_confirm_status between 0 and 2),
  last_sign_in_at timestamptz,
  raw_app_meta_data jsonb,
  raw_user_meta_data jsonb,
  is_super_admin boolean,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  phone text unique,
  phone_confirmed_at timestamptz,
  phone_change text default '',
  phone_change_token varchar(255) default '',
  phone_change_sent_at timestamptz,
  confirmed_at timestamptz generated always as (least(email_confirmed_at, phone_confirmed_at)) stored,
  reauthentication_token varchar(255) default '',
  reauthentication_sent_at timestamptz,
  banned_until timestamptz,
  is_sso_user boolean not null default false,
  is_anonymous boolean not null default false,
  deleted_at timestamptz
);
create unique index users_email_key on auth.users (email) where not is_sso_user;
create index users_instance_id_idx on auth.users (instance_id);
alter table auth.users enable row level security;
grant select, insert, update, delete on auth.users to service_role;
comment on table auth.users is 'Those who can sign in. The columns are those that the SQL of Supabase projects knows.';
comment on column auth.users.id is 'What auth.uid() gives for this user.';
comment on column auth.users.raw_app_meta_data is 'Set by the project''s programs; the user cannot change it.';
comment on column auth.users.raw_user_meta_data is 'Set by the user, so nothing to decide rights by.';

create table auth.identities (
  id uuid not null primary key default gen_random_uuid(),
  provider_id text not null,
  user_id uuid not null references auth.users (id) on delete cascade,
  identity_data jsonb not null,
  provider text not null,
  last_sign_in_at timestamptz,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  email text generated always as (lower(identity_data ->> 'email')) stored,
  unique (provider_id, provider)
);
create index identities_user_id_idx on auth.identities (user_id);
alter table auth.identities enable row level security;
grant select, insert, update, delete on auth.identities to service_role;
comment on table auth.identities is 'By what a user is known: an address, or an account elsewhere.';
