-- How questions name things. Nothing of it is in code: a new name is a new row.

create function notebook.words(text text) returns text[]
  language sql immutable parallel safe
begin atomic
  select coalesce(array_agg(found.match[1] order by found.place), '{}')
  from regexp_matches(words.text, '[.]?[[:alnum:]][[:alnum:]+#]*(?:[.][[:alnum:]+#]+)*', 'g')
    with ordinality as found (match, place);
end;
comment on function notebook.words(text) is 'The words of a text in order, with what belongs to names such as C++, C#, .NET and Node.js.';

create function notebook.stems(words text[]) returns text[]
  language sql immutable parallel safe
begin atomic
  -- Of a word that all texts have, such as "in", Postgres leaves nothing; here it stays itself.
  select coalesce(array_agg(coalesce((ts_lexize('english_stem', lower(word)))[1], lower(word)) order by place), '{}')
  from unnest(stems.words) with ordinality as each (word, place);
end;
comment on function notebook.stems(text[]) is 'Words without their endings, so that "developers" is found by "developer".';

create table public.role_names (
  name text primary key check (name <> ''),
  role_id text not null references public.roles (id) on delete cascade,
  stems text[] not null generated always as (notebook.stems(notebook.words(name))) stored
);
create index role_names_role_id_idx on public.role_names (role_id);

comment on table public.role_names is 'What questions call a role.';
comment on column public.role_names.name is 'A name of it.';
comment on column public.role_names.role_id is 'The role.';
comment on column public.role_names.stems is 'The words of the name without their endings.';

create table public.region_names (
  name text primary key check (name <> ''),
  region_id text not null references public.regions (id) on delete cascade,
  exact boolean not null default false,
  stems text[] not null generated always as (notebook.stems(notebook.words(name))) stored
);
create index region_names_region_id_idx on public.region_names (region_id);

comment on table public.region_names is 'What questions call a region.';
comment on column public.region_names.name is 'A name of it.';
comment on column public.region_names.region_id is 'The region.';
comment on column public.region_names.exact is 'Whether it counts only as it is written: US, but not us.';
comment on column public.region_names.stems is 'The words of the name without their endings.';

create table public.skill_names (
  name text primary key check (name <> ''),
  skill_id text not null references public.skills (id) on delete cascade,
  exact boolean not null default false,
  stems text[] not null generated always as (notebook.stems(notebook.words(name))) stored
);
create index skill_names_skill_id_idx on public.skill_names (skill_id);

comment on table public.skill_names is 'What questions call a skill.';
comment on column public.skill_names.name is 'A name of it.';
comment on column public.skill_names.skill_id is 'The skill.';
comment on column public.skill_names.exact is 'Whether it counts only as it is written: Go, but not go.';
comment on column public.skill_names.stems is 'The words of the name without their endings.';

create table public.subjects (
  id text primary key check (id ~ '^[a-z]+$'),
  name text not null unique check (name <> ''),
  position smallint not null unique check (position > 0)
);

comment on table public.subjects is 'What a question can be about.';
comment on column public.subjects.id is 'Key: the part of the answer that it leads to.';
comment on column public.subjects.name is 'It in a few words.';
comment on column public.subjects.position is 'Its place among the subjects, from 1.';

create table public.subject_names (
  name text primary key check (name <> ''),
  subject_id text not null references public.subjects (id) on delete cascade,
  stems text[] not null generated always as (notebook.stems(notebook.words(name))) stored
);
create index subject_names_subject_id_idx on public.subject_names (subject_id);

comment on table public.subject_names is 'The words that tell what a question is about.';
comment on column public.subject_names.name is 'A word, or several.';
comment on column public.subject_names.subject_id is 'The subject that they tell.';
comment on column public.subject_names.stems is 'The words without their endings.';

create view notebook.names with (security_invoker = true) as
  select 'role' as kind, role_id as id, roles.title as title, name, false as exact, stems
  from public.role_names join public.roles on roles.id = role_id
  union all
  select 'region', region_id, regions.name, region_names.name, exact, stems
  from public.region_names join public.regions on regions.id = region_id
  union all
  select 'skill', skill_id, skills.name, skill_names.name, exact, stems
  from public.skill_names join public.skills on skills.id = skill_id
  union all
  select 'subject', subject_id, subjects.name, subject_names.name, false, stems
  from public.subject_names join public.subjects on subjects.id = subject_id;
comment on view notebook.names is 'All names that a question is searched for.';
