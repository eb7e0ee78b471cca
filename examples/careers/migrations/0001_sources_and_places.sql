-- Where figures come from, in which money they are, and for which place they hold.

create table public.sources (
  id integer primary key,
  title text not null unique check (title <> ''),
  publisher text not null check (publisher <> ''),
  kind text not null check (kind <> ''),
  url text check (url ~ '^https?://')
);

comment on table public.sources is 'What the notebook was gathered from.';
comment on column public.sources.id is 'The number that the notebook cites it by.';
comment on column public.sources.title is 'Its title.';
comment on column public.sources.publisher is 'Who published it.';
comment on column public.sources.kind is 'What it is: an article, a video, a job description, …';
comment on column public.sources.url is 'Its address; null: the notebook did not write it down.';

create table public.currencies (
  code text primary key check (code ~ '^[A-Z]{3}$'),
  name text not null unique check (name <> '')
);

comment on table public.currencies is 'The money that figures are in.';
comment on column public.currencies.code is 'Its code in ISO 4217.';
comment on column public.currencies.name is 'Its name.';

create table public.regions (
  id text primary key check (id ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  name text not null unique check (name <> ''),
  kind text not null check (kind in ('country', 'city', 'cities', 'anywhere'))
);

comment on table public.regions is 'Places that figures hold for.';
comment on column public.regions.id is 'Key: lower case, words joined by hyphens.';
comment on column public.regions.name is 'As sources call it.';
comment on column public.regions.kind is 'A country, a city, several cities taken together, or anywhere (remote work).';

create table public.region_parts (
  whole_id text not null references public.regions (id) on delete cascade,
  part_id text not null references public.regions (id) on delete cascade,
  primary key (whole_id, part_id),
  check (whole_id <> part_id)
);
create index region_parts_part_id_idx on public.region_parts (part_id);

comment on table public.region_parts is 'Which place lies in which, so that a question about a country finds its cities.';
comment on column public.region_parts.whole_id is 'The larger place.';
comment on column public.region_parts.part_id is 'A place in it.';
