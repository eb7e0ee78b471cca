-- Roles, what they pay, what becomes of them, and what is done in them.

create table public.roles (
  id text primary key check (id ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  title text not null unique check (title <> ''),
  entry_level boolean not null,
  note text check (note <> '')
);

comment on table public.roles is 'Roles that one can be hired for.';
comment on column public.roles.id is 'Key: lower case, words joined by hyphens.';
comment on column public.roles.title is 'As it stands in advertisements.';
comment on column public.roles.entry_level is 'Whether it is open to those without experience.';
comment on column public.roles.note is 'What else is to be known; null: nothing.';

-- Sources contradict each other, so a figure belongs to its source: there may be several for one role in one
-- region, and none of them is changed to fit.

create table public.salary_observations (
  id bigint generated always as identity primary key,
  role_id text not null references public.roles (id) on delete cascade,
  region_id text not null references public.regions (id),
  currency_code text not null references public.currencies (code),
  low numeric(12, 2) check (low > 0),
  typical numeric(12, 2) check (typical > 0),
  high numeric(12, 2) check (high > 0),
  as_of date check (extract(day from as_of) = 1),
  source_id integer references public.sources (id),
  note text check (note <> ''),
  constraint salary_observations_has_a_figure check (num_nonnulls(low, typical, high) > 0),
  constraint salary_observations_in_order check (low <= typical and typical <= high and low <= high)
);
create index salary_observations_role_id_idx on public.salary_observations (role_id);
create index salary_observations_region_id_idx on public.salary_observations (region_id);
create index salary_observations_currency_code_idx on public.salary_observations (currency_code);
create index salary_observations_source_id_idx on public.salary_observations (source_id);

comment on table public.salary_observations is 'What one source says that a role pays in a region, for a year of work.';
comment on column public.salary_observations.id is 'Key.';
comment on column public.salary_observations.role_id is 'The role.';
comment on column public.salary_observations.region_id is 'Where.';
comment on column public.salary_observations.currency_code is 'The money that the figures are in.';
comment on column public.salary_observations.low is 'Lower end of the range, a year; null: not told.';
comment on column public.salary_observations.typical is 'The typical or average figure, a year; null: not told.';
comment on column public.salary_observations.high is 'Upper end of the range, a year; null: not told.';
comment on column public.salary_observations.as_of is 'The month that it holds for, by its first day; null: not told.';
comment on column public.salary_observations.source_id is 'Who says so; null: the notebook does not tell.';
comment on column public.salary_observations.note is 'What limits the figure; null: nothing.';

create table public.occupations (
  id text primary key check (id ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  name text not null unique check (name <> '')
);

comment on table public.occupations is 'Occupations that forecasts are made for; they are wider than roles.';
comment on column public.occupations.id is 'Key: lower case, words joined by hyphens.';
comment on column public.occupations.name is 'As the forecast calls it.';

create table public.outlooks (
  occupation_id text not null references public.occupations (id) on delete cascade,
  from_year smallint not null,
  to_year smallint not null,
  growth_percent numeric(5, 1) not null,
  source_id integer references public.sources (id),
  primary key (occupation_id, from_year, to_year),
  check (from_year < to_year)
);
create index outlooks_source_id_idx on public.outlooks (source_id);

comment on table public.outlooks is 'How many more people an occupation is expected to employ.';
comment on column public.outlooks.occupation_id is 'The occupation.';
comment on column public.outlooks.from_year is 'The year that is compared with.';
comment on column public.outlooks.to_year is 'The year that is forecast.';
comment on column public.outlooks.growth_percent is 'Growth between the two years, in percent.';
comment on column public.outlooks.source_id is 'Who says so; null: the notebook does not tell.';

create table public.role_occupations (
  role_id text primary key references public.roles (id) on delete cascade,
  occupation_id text not null references public.occupations (id) on delete cascade
);
create index role_occupations_occupation_id_idx on public.role_occupations (occupation_id);

comment on table public.role_occupations is 'The occupation that a role is nearest to: our own reading, no source says it.';
comment on column public.role_occupations.role_id is 'The role.';
comment on column public.role_occupations.occupation_id is 'The occupation that is nearest to it.';

create table public.responsibilities (
  id bigint generated always as identity primary key,
  name text not null unique check (name <> '')
);

comment on table public.responsibilities is 'What there is to do.';
comment on column public.responsibilities.id is 'Key.';
comment on column public.responsibilities.name is 'The task in a few words.';

create table public.role_responsibilities (
  role_id text not null references public.roles (id) on delete cascade,
  responsibility_id bigint not null references public.responsibilities (id) on delete cascade,
  position smallint not null check (position > 0),
  source_id integer references public.sources (id),
  primary key (role_id, responsibility_id),
  unique (role_id, position)
);
create index role_responsibilities_responsibility_id_idx on public.role_responsibilities (responsibility_id);
create index role_responsibilities_source_id_idx on public.role_responsibilities (source_id);

comment on table public.role_responsibilities is 'Which role has which responsibilities.';
comment on column public.role_responsibilities.role_id is 'The role.';
comment on column public.role_responsibilities.responsibility_id is 'One of its responsibilities.';
comment on column public.role_responsibilities.position is 'Its place in the list, from 1.';
comment on column public.role_responsibilities.source_id is 'Who says so; null: the notebook does not tell.';

create table public.requirements (
  id bigint generated always as identity primary key,
  name text not null unique check (name <> '')
);

comment on table public.requirements is 'What a role asks for or teaches, where it sets the role apart.';
comment on column public.requirements.id is 'Key.';
comment on column public.requirements.name is 'It in a few words.';

create table public.role_requirements (
  role_id text not null references public.roles (id) on delete cascade,
  requirement_id bigint not null references public.requirements (id) on delete cascade,
  position smallint not null check (position > 0),
  source_id integer references public.sources (id),
  primary key (role_id, requirement_id),
  unique (role_id, position)
);
create index role_requirements_requirement_id_idx on public.role_requirements (requirement_id);
create index role_requirements_source_id_idx on public.role_requirements (source_id);

comment on table public.role_requirements is 'Which role has which requirements.';
comment on column public.role_requirements.role_id is 'The role.';
comment on column public.role_requirements.requirement_id is 'One of its requirements.';
comment on column public.role_requirements.position is 'Its place in the list, from 1.';
comment on column public.role_requirements.source_id is 'Who says so; null: the notebook does not tell.';
