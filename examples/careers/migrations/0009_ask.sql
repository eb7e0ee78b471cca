-- A question in plain words: what is understood of it, what can be computed, what is written about it, and what is
-- missing.

create function public.understand(question text)
returns table (kind text, id text, title text, said text)
  language sql stable
begin atomic
  with asked as materialized (
    select words, notebook.stems(words) as stems from notebook.words(understand.question) as words
  ),
  -- Every name at every place of the question where it stands.
  found as materialized (
    select
      names.kind, names.id, names.title, first, first + cardinality(names.stems) - 1 as last,
      array_to_string(asked.words[first:first + cardinality(names.stems) - 1], ' ') as said
    from asked
    cross join generate_series(1, cardinality(asked.stems)) as first
    join notebook.names
      on asked.stems[first] = names.stems[1]
      and asked.stems[first:first + cardinality(names.stems) - 1] = names.stems
      and (not names.exact
        or asked.words[first:first + cardinality(names.stems) - 1] = notebook.words(names.name))
  )
  select found.kind, found.id, found.title, min(found.said)
  from found
  -- "Junior Back-End Developer" does not mean a "Back-End Developer", too.
  where not exists (
    select from found longer
    where longer.first <= found.first and longer.last >= found.last
      and longer.last - longer.first > found.last - found.first
  )
  group by found.kind, found.id, found.title
  order by min(found.first), found.kind;
end;
comment on function public.understand(text) is
  'The roles, regions, skills and subjects that a question names, with the words that named them. The longest name counts.';

create function public.ask(question text, hours_per_year numeric default 2080) returns jsonb
  language sql stable
begin atomic
  with understood as materialized (
    select * from public.understand(ask.question) with ordinality
  ),
  meant as materialized (
    select
      coalesce(array_agg(id order by ordinality) filter (where kind = 'role'), '{}') as roles,
      coalesce(array_agg(id order by ordinality) filter (where kind = 'region'), '{}') as regions,
      coalesce(array_agg(id order by ordinality) filter (where kind = 'skill'), '{}') as skills,
      coalesce(array_agg(id) filter (where kind = 'subject'), '{}') as subjects
    from understood
  ),
  wanted as materialized (
    select
      meant.*,
      -- A role or a region without a subject asks for pay, two roles ask for a comparison.
      subjects && '{pay,hour}' or (subjects = '{}' and cardinality(roles) < 2 and roles || regions <> '{}') as pay,
      subjects @> '{comparison}' or (subjects = '{}' and cardinality(roles) > 1) as comparison,
      subjects @> '{demand}' as demand,
      subjects @> '{outlook}' as outlook
    from meant
  ),
  figures as materialized (
    select pay.*
    from wanted
    cross join lateral public.pay(
      nullif(wanted.roles, '{}'), nullif(wanted.regions, '{}'), ask.hours_per_year
    ) pay
    where wanted.pay
  ),
  compared as materialized (
    select compared.*
    from wanted
    cross join lateral public.compare_roles(wanted.roles[1], wanted.roles[2]) compared
    where wanted.comparison and cardinality(wanted.roles) > 1
  ),
  demanded as materialized (
    select
      skills.id, skills.name, categories.name as category, demands.recruiters_percent, demands.is_more_than,
      demands.source_id, sources.title as source, before.name as builds_on
    from wanted
    join public.skill_demands demands on wanted.demand
    join public.skills on skills.id = demands.skill_id
    join public.skill_categories categories on categories.id = skills.category_id
    left join public.skills before on before.id = skills.builds_on_id
    left join public.sources on sources.id = demands.source_id
    -- What was asked for, and what builds on it: the frameworks of a language.
    where wanted.skills = '{}' or skills.id = any (wanted.skills) or skills.builds_on_id = any (wanted.skills)
    order by categories.position, demands.recruiters_percent desc nulls last, skills.position
  ),
  forecast as materialized (
    select
      occupations.name as occupation, outlooks.from_year, outlooks.to_year, outlooks.growth_percent,
      outlooks.source_id, sources.title as source
    from wanted
    join public.outlooks on wanted.outlook
    join public.occupations on occupations.id = outlooks.occupation_id
    left join public.sources on sources.id = outlooks.source_id
    where wanted.roles = '{}' or exists (
      select from public.role_occupations near
      where near.occupation_id = outlooks.occupation_id and near.role_id = any (wanted.roles)
    )
    order by outlooks.growth_percent desc
  ),
  found as materialized (
    select * from public.search_passages(ask.question) with ordinality
  ),
  missing (place, message) as (
    select
      1, format('There is no figure for the pay of %s%s.%s', roles.title,
        (select ' in ' || string_agg(title, ' or ' order by ordinality) from understood where kind = 'region'),
        (select ' There are some for ' || string_agg(distinct region, ', ') || '.' from public.pay(array[roles.id])))
    from wanted
    join public.roles on wanted.pay and roles.id = any (wanted.roles)
    where not exists (select from figures where figures.role_id = roles.id)
    union all
    select 1, format('There is no figure for pay in %s.', regions.name)
    from wanted
    join public.regions on wanted.pay and wanted.roles = '{}' and regions.id = any (wanted.regions)
    where not exists (select from public.pay(null, array[regions.id]))
    union all
    select 2, format('A comparison takes two roles; %s', coalesce(
      'only one was understood: ' || (select string_agg(title, '') from understood where kind = 'role') || '.',
      'none was understood.'))
    from wanted
    where wanted.comparison and cardinality(wanted.roles) < 2
    union all
    select 3, format('Nothing is written down about what a %s does.', roles.title)
    from wanted
    join public.roles on wanted.comparison and cardinality(wanted.roles) > 1 and roles.id = any (wanted.roles[1:2])
    where not exists (select from public.role_responsibilities r where r.role_id = roles.id)
    union all
    select 4, format('Nothing is known about the demand for %s.', skills.name)
    from wanted
    join public.skills on wanted.demand and skills.id = any (wanted.skills)
    where not exists (select from demanded where demanded.id = skills.id)
    union all
    select 5, format('No outlook is near to %s.', roles.title)
    from wanted
    join public.roles on wanted.outlook and roles.id = any (wanted.roles)
    where not exists (select from public.role_occupations near where near.role_id = roles.id)
    union all
    select 6, 'No text has the words: ' || string_agg(word, ', ') || '.'
    from public.unknown_words(ask.question) as word
    where not exists (select from understood where word = any (notebook.words(said)))
    having count(*) > 0
    union all
    select 7, 'Nothing in the notebook answers this.'
    where not exists (select from found)
      and not exists (select from figures) and not exists (select from compared)
      and not exists (select from demanded) and not exists (select from forecast)
  )
  select jsonb_build_object(
    'understood', coalesce((select jsonb_agg(
      jsonb_build_object('kind', kind, 'id', id, 'title', title, 'said', said) order by ordinality) from understood), '[]'),
    'hours_per_year', ask.hours_per_year,
    'pay', (select jsonb_agg(to_jsonb(figures)) from figures),
    'comparison', (select jsonb_agg(to_jsonb(compared)) from compared),
    'demand', (select jsonb_agg(to_jsonb(demanded)) from demanded),
    'outlook', (select jsonb_agg(to_jsonb(forecast)) from forecast),
    'passages', coalesce((select jsonb_agg(to_jsonb(found) - 'ordinality' order by ordinality) from found), '[]'),
    'missing', coalesce((select jsonb_agg(message order by place) from missing), '[]')
  );
end;
comment on function public.ask(text, numeric) is
  'Answers a question in plain words: what was understood, figures and comparisons with their sources, passages, and what is missing.';
