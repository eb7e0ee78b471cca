create schema if not exists storage;
comment on schema storage is 'Files: what there is, and in which bucket. Policies on storage.objects say who may.';
grant usage on schema storage to anon, authenticated, service_role;

create table storage.buckets (
  id text not null primary key,
  name text not null unique,
  owner uuid,
  owner_id text,
  public boolean default false,
  avif_autodetection boolean default false,
  file_size_limit bigint,
  allowed_mime_types text[],
  created_at timestamptz default now(),
  updated_at timestamptz default now()
);
alter table storage.buckets enable row level security;
grant select, insert, update, delete on storage.buckets to service_role;
comment on table storage.buckets is 'The top folders, each with rules of its own.';
comment on column storage.buckets.public is 'Whether anyone may read its files who knows their names.';
comment on column storage.buckets.file_size_limit is 'The largest file, in bytes; null: no limit of its own.';

create table storage.objects (
  id uuid not null primary key default gen_random_uuid(),
  bucket_id text references storage.buckets (id),
  name text,
  owner uuid,
  owner_id text,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  last_accessed_at timestamptz default now(),
  metadata jsonb,
  path_tokens text[] generated always as (string_to_array(name, '/')) stored,
  version text,
  user_metadata jsonb
);
create unique index objects_bucket_id_name_key on storage.objects (bucket_id, name);
alter table storage.objects enable row level security;
grant select, insert, update, delete on storage.objects to service_role;
comment on table storage.objects is 'The files, by bucket and path.';
comment on column storage.objects.name is 'The path inside of the bucket, its parts parted by slashes.';
comment on column storage.objects.owner_id is 'The claim sub of who put it there.';

create function storage.foldername(name text) returns text[]
  language sql immutable parallel safe
  return trim_array(string_to_array(name, '/'), least(1, cardinality(string_to_array(name, '/'))));
comment on function storage.foldername(text) is 'The folders of a path: {a,b} of a/b/c.png.';

create function storage.filename(name text) returns text
  language sql immutable parallel safe
  return split_part(name, '/', -1);
comment on function storage.filename(text) is 'The last part of a path: c.png of a/b/c.png.';

create function storage.extension(name text) returns text
  language sql immutable parallel safe
  return substring(split_part(name, '/', -1) from '\.([^.]*)$');
comment on function storage.extension(text) is 'What follows the last dot of a file''s name: png of a/b/c.png. Null if there is none.';
