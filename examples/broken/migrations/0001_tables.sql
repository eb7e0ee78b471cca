-- A small blog: authors write posts, posts have tags, readers comment.

create table public.authors (
  id bigint generated always as identity primary key,
  name text not null unique check (char_length(name) between 1 and 80),
  bio text not null default '' check (char_length(bio) <= 500)
);

create table public.posts (
  id bigint generated always as identity primary key,
  author_id bigint not null references public.authors (id) on delete restrict,
  title text not null check (char_length(title) between 1 and 120),
  body text not null check (body <> ''),
  published boolean not null default false,
  created_at timestamptz not null default now()
);
create index posts_author_id_idx on public.posts (author_id);
create index posts_created_at_idx on public.posts (created_at);

create table public.comments (
  id bigint generated always as identity primary key,
  post_id bigint not null references public.posts (id) on delete cascade,
  -- Whoever issues the tokens knows the users, so there is no table of ours to refer to.
  user_id uuid not null default auth.uid(),
  body text not null check (char_length(body) between 1 and 2000),
  created_at timestamptz not null default now()
);
create index comments_post_id_idx on public.comments (post_id);
create index comments_user_id_idx on public.comments (user_id);

create table public.tags (
  id bigint generated always as identity primary key,
  name text not null unique check (name ~ '^[a-z0-9]+(-[a-z0-9]+)*$')
);

create table public.post_tags (
  post_id bigint not null references public.posts (id) on delete cascade,
  tag_id bigint not null references public.tags (id) on delete cascade,
  primary key (post_id, tag_id)
);
create index post_tags_tag_id_idx on public.post_tags (tag_id);
