-- Questions that take more than a filter. Each function is served as /rpc/<name>, and runs with the rights of its
-- caller.

create function public.pay(
  roles text[] default null,
  regions text[] default null,
  hours_per_year numeric default 2080
) returns table (
  id bigint, role_id text, role text, region_id text, region text, currency text,
  low numeric, typical numeric, high numeric,
  hourly_low numeric, hourly_typical numeric, hourly_high numeric,
  as_of date, note text, source_id integer, source text
)
  language sql stable
begin atomic
  with recursive wanted (region_id) as (
    select unnest(pay.regions)
    union
    select parts.part_id from wanted join public.region_parts parts on parts.whole_id = wanted.region_id
  ),
  -- Of several cities that are taken together, each is meant by their figure.
  near (region_id) as (
    select wanted.region_id from wanted
    union
    select together.id
    from wanted
    join public.region_parts parts on parts.part_id = wanted.region_id
    join public.regions together on together.id = parts.whole_id and together.kind = 'cities'
  )
  select
    o.id, o.role_id, role.title, o.region_id, region.name, o.currency_code,
    o.low, o.typical, o.high,
    round(o.low / nullif(pay.hours_per_year, 0), 2),
    round(o.typical / nullif(pay.hours_per_year, 0), 2),
    round(o.high / nullif(pay.hours_per_year, 0), 2),
    o.as_of, o.note, o.source_id, source.title
  from public.salary_observations o
  join public.roles role on role.id = o.role_id
  join public.regions region on region.id = o.region_id
  left join public.sources source on source.id = o.source_id
  where (pay.roles is null or o.role_id = any (pay.roles))
    and (pay.regions is null or o.region_id in (select near.region_id from near))
  order by role.title, region.name, o.id;
end;
comment on function public.pay(text[], text[], numeric) is
  'What roles pay in regions, in their cities and in groups that a city is one of, a year and an hour. Left out: all. An hour is the year''s figure divided by the hours worked in it.';

create function public.compare_roles(first text, second text)
returns table (aspect text, item text, in_first boolean, in_second boolean, source_id integer)
  language sql stable
begin atomic
  with listed (aspect, item, role_id, position, source_id) as (
    select 'responsibility', name, role_id, position, source_id
    from public.role_responsibilities join public.responsibilities on id = responsibility_id
    union all
    select 'requirement', name, role_id, position, source_id
    from public.role_requirements join public.requirements on id = requirement_id
    union all
    -- What is expected of juniors holds for each role that is open to them.
    select 'skill', skills.name, roles.id, categories.position * 100 + skills.position, demands.source_id
    from public.skill_demands demands
    join public.skills on skills.id = demands.skill_id
    join public.skill_categories categories on categories.id = skills.category_id
    join public.roles on roles.entry_level
  )
  select
    listed.aspect, listed.item,
    bool_or(listed.role_id = compare_roles.first), bool_or(listed.role_id = compare_roles.second),
    min(listed.source_id)
  from listed
  where listed.role_id in (compare_roles.first, compare_roles.second)
  group by listed.aspect, listed.item
  order by listed.aspect desc, min(listed.position), listed.item;
end;
comment on function public.compare_roles(text, text) is
  'What two roles do and ask for, each with whether it belongs to the first, the second or both.';

create view public.gaps with (security_invoker = true) as
  select 'pay' as lacks, roles.id as role_id, roles.title as about
  from public.roles
  where not exists (select from public.salary_observations o where o.role_id = roles.id)
  union all
  select 'responsibilities', roles.id, roles.title
  from public.roles
  where not exists (select from public.role_responsibilities r where r.role_id = roles.id)
  union all
  select 'source', o.role_id, roles.title || ', ' || regions.name
  from public.salary_observations o
  join public.roles on roles.id = o.role_id
  join public.regions on regions.id = o.region_id
  where o.source_id is null
  union all
  select 'date', o.role_id, roles.title || ', ' || regions.name
  from public.salary_observations o
  join public.roles on roles.id = o.role_id
  join public.regions on regions.id = o.region_id
  where o.as_of is null;
grant select on public.gaps to anon, authenticated;

comment on view public.gaps is 'What the notebook lacks, found by looking.';
comment on column public.gaps.lacks is 'What is missing: pay, responsibilities, or the source or date of a figure.';
comment on column public.gaps.role_id is 'The role.';
comment on column public.gaps.about is 'The role, and for a figure its region.';
