-- Skills, which of them employers look for, the way to learn them, and what is still open.

create table public.skill_categories (
  id text primary key check (id ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  name text not null unique check (name <> ''),
  position smallint not null unique check (position > 0)
);

comment on table public.skill_categories is 'Kinds of skills.';
comment on column public.skill_categories.id is 'Key: lower case, words joined by hyphens.';
comment on column public.skill_categories.name is 'The headline above skills of this kind.';
comment on column public.skill_categories.position is 'Its place among the kinds, from 1.';

create table public.skills (
  id text primary key check (id ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  name text not null unique check (name <> ''),
  category_id text not null references public.skill_categories (id),
  position smallint not null check (position > 0),
  builds_on_id text references public.skills (id) on delete set null,
  unique (category_id, position),
  check (builds_on_id <> id)
);
create index skills_builds_on_id_idx on public.skills (builds_on_id);

comment on table public.skills is 'What one can learn.';
comment on column public.skills.id is 'Key: lower case, words joined by hyphens.';
comment on column public.skills.name is 'As it is usually written.';
comment on column public.skills.category_id is 'What kind of skill it is.';
comment on column public.skills.position is 'Its place among those of its kind, from 1.';
comment on column public.skills.builds_on_id is 'What has to be known first: the language of a framework; null: nothing.';

create table public.skill_demands (
  skill_id text primary key references public.skills (id) on delete cascade,
  recruiters_percent numeric(4, 1) check (recruiters_percent between 0 and 100),
  is_more_than boolean not null default false,
  source_id integer references public.sources (id)
);
create index skill_demands_source_id_idx on public.skill_demands (source_id);

comment on table public.skill_demands is 'What employers expect of juniors.';
comment on column public.skill_demands.skill_id is 'The skill.';
comment on column public.skill_demands.recruiters_percent is 'How many of a hundred recruiters look for it; null: not told.';
comment on column public.skill_demands.is_more_than is 'Whether it is more than that share, and not exactly.';
comment on column public.skill_demands.source_id is 'Who says so; null: the notebook does not tell.';

create table public.learning_paths (
  id text primary key check (id ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  title text not null unique check (title <> ''),
  position smallint not null unique check (position > 0)
);

comment on table public.learning_paths is 'Ways to learn something, step by step.';
comment on column public.learning_paths.id is 'Key: lower case, words joined by hyphens.';
comment on column public.learning_paths.title is 'Where it leads.';
comment on column public.learning_paths.position is 'Its place among the paths, from 1.';

create table public.learning_steps (
  path_id text not null references public.learning_paths (id) on delete cascade,
  position smallint not null check (position > 0),
  title text not null check (title <> ''),
  source_id integer references public.sources (id),
  primary key (path_id, position),
  unique (path_id, title)
);
create index learning_steps_source_id_idx on public.learning_steps (source_id);

comment on table public.learning_steps is 'The steps of a path, in order.';
comment on column public.learning_steps.path_id is 'The path.';
comment on column public.learning_steps.position is 'The number of the step, from 1.';
comment on column public.learning_steps.title is 'What to do.';
comment on column public.learning_steps.source_id is 'Who says so; null: the notebook does not tell.';

create table public.learning_step_skills (
  path_id text not null,
  step_position smallint not null,
  skill_id text not null references public.skills (id) on delete cascade,
  primary key (path_id, step_position, skill_id),
  foreign key (path_id, step_position) references public.learning_steps (path_id, position)
    on update cascade on delete cascade
);
create index learning_step_skills_skill_id_idx on public.learning_step_skills (skill_id);

comment on table public.learning_step_skills is 'Which skills belong to a step: our own reading, no source says it.';
comment on column public.learning_step_skills.path_id is 'The path.';
comment on column public.learning_step_skills.step_position is 'The number of the step.';
comment on column public.learning_step_skills.skill_id is 'A skill that belongs to it.';

create table public.open_questions (
  id bigint generated always as identity primary key,
  question text not null unique check (question <> ''),
  position smallint not null unique check (position > 0)
);

comment on table public.open_questions is 'What the notebook does not answer yet.';
comment on column public.open_questions.id is 'Key.';
comment on column public.open_questions.question is 'The question, in full.';
comment on column public.open_questions.position is 'Its place in the list, from 1.';
