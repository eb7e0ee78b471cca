-- Passages are found by Postgres' full-text search.

create function public.search_passages(question text, language text default 'english', max_rows integer default 5)
returns table (
  passage_id bigint, document_id text, title text, place integer, places bigint,
  source_id integer, source text, rank double precision, headline text
)
  language sql stable
begin atomic
  with
  -- Read as search engines do: quotes hold words together, "or" and a minus mean what they say.
  strict (query) as (select websearch_to_tsquery(search_passages.language::regconfig, search_passages.question)),
  -- The same words, any of them.
  loose (query) as (
    select replace(plainto_tsquery(search_passages.language::regconfig, search_passages.question)::text, ' & ', ' | ')::tsquery
  ),
  -- Each of them for itself.
  each (queries) as (
    select array(
      select phraseto_tsquery('simple', word)
      from unnest(tsvector_to_array(notebook.search_words(search_passages.language, search_passages.question))) as word
    )
  ),
  -- A word that is everywhere finds more than can be ranked in time, so a thousand are enough.
  all_words as materialized (
    select p.id, p.document_id, p.words
    from public.passages p, strict
    where p.words @@ strict.query and p.language = search_passages.language
    limit 1000
  ),
  any_word as materialized (
    select p.id, p.document_id, p.words
    from public.passages p, strict, loose
    where p.words @@ loose.query and p.language = search_passages.language
      and not exists (select from all_words)
      -- Who excludes a word does not want it after all.
      and strict.query::text not like '%!%'
    limit 1000
  ),
  -- Who has more of the words comes first; among equals, who has them more often,
  near as materialized (
    select found.*, (select count(*) from unnest(each.queries) as query where found.words @@ query) as has
    from (select * from all_words union all select * from any_word) found
    cross join loose
    cross join each
    order by has desc, ts_rank(found.words, loose.query, 1) desc, found.id
    limit 10 * greatest(search_passages.max_rows, 0)
  ),
  -- and who has them in the title.
  best as (
    select near.id, near.has + ts_rank(documents.words || near.words, loose.query, 1) as rank
    from near
    join public.documents on documents.id = near.document_id
    cross join loose
    order by rank desc, near.id
    limit greatest(search_passages.max_rows, 0)
  )
  select
    p.id, p.document_id, documents.title, p.position,
    (select count(*) from public.passages other where other.document_id = p.document_id),
    documents.source_id, sources.title, best.rank,
    ts_headline(
      p.language::regconfig, p.body, loose.query, 'StartSel=⟦, StopSel=⟧, MaxWords=80, MinWords=60'
    )
  from best
  join public.passages p on p.id = best.id
  join public.documents on documents.id = p.document_id
  left join public.sources on sources.id = documents.source_id
  cross join loose
  order by best.rank desc, p.id;
end;
comment on function public.search_passages(text, text, integer) is
  'The passages that answer a question best: those with all of its words, else with any. The words found stand between ⟦ and ⟧.';

create function public.unknown_words(question text, language text default 'english') returns setof text
  language sql stable
begin atomic
  select word
  from unnest(notebook.words(unknown_words.question)) with ordinality as asked (word, place)
  where length(notebook.search_words(unknown_words.language, word)) > 0
    and not exists (
      select from public.passages where words @@ plainto_tsquery(unknown_words.language::regconfig, word)
    )
  group by word
  order by min(place);
end;
comment on function public.unknown_words(text, text) is 'The words of a question that no passage has.';
