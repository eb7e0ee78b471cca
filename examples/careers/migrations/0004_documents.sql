-- Texts of our own about sources and topics. A document is cut into passages, which are what a search finds.

-- A schema that is not served: what is in it is for the functions of this application.
create schema notebook;
comment on schema notebook is 'What the functions of the notebook share.';

-- The name of a language becomes one of Postgres' text search configurations. Postgres calls that stable, as somebody
-- could change a configuration; those that come with it stay as they are, so the words of a text can be kept.
create function notebook.search_words(language text, text text) returns tsvector
  language sql immutable parallel safe
begin atomic
  select to_tsvector(search_words.language::regconfig, search_words.text);
end;
comment on function notebook.search_words(text, text) is
  'The words of a text as the search sees them: without endings, and without those that all texts have.';

create table public.documents (
  id text primary key check (id ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  title text not null unique check (title <> ''),
  source_id integer references public.sources (id) on delete cascade,
  language text not null default 'english' check (language ~ '^[a-z]+$'),
  words tsvector not null generated always as (setweight(notebook.search_words(language, title), 'A')) stored
);
create index documents_source_id_idx on public.documents (source_id);

comment on table public.documents is 'Short texts about a source or a topic.';
comment on column public.documents.id is 'Key: lower case, words joined by hyphens.';
comment on column public.documents.title is 'What it is about.';
comment on column public.documents.source_id is 'The source that it is about; null: it is about a topic.';
comment on column public.documents.language is 'The language whose rules the words of its title are found by.';
comment on column public.documents.words is 'The words of its title as the search sees them; they weigh more.';

create table public.passages (
  id bigint generated always as identity primary key,
  document_id text not null references public.documents (id) on delete cascade,
  position integer not null check (position > 0),
  body text not null check (body <> ''),
  language text not null default 'english' check (language ~ '^[a-z]+$'),
  words tsvector not null generated always as (notebook.search_words(language, body)) stored,
  unique (document_id, position)
);
create index passages_words_idx on public.passages using gin (words);

comment on table public.passages is 'The paragraphs of a document.';
comment on column public.passages.id is 'Key.';
comment on column public.passages.document_id is 'The document.';
comment on column public.passages.position is 'Its place in the document, from 1.';
comment on column public.passages.body is 'The text.';
comment on column public.passages.language is 'The language whose rules its words are found by.';
comment on column public.passages.words is 'Its words as the search sees them.';
