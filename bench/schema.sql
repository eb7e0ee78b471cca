create table public.authors (
  id int generated always as identity primary key,
  name text not null,
  bio text not null
);
create table public.posts (
  id int generated always as identity primary key,
  author_id int not null references public.authors,
  owner uuid not null,
  title text not null,
  body text not null,
  published boolean not null,
  created_at timestamptz not null
);
create table public.comments (
  id int generated always as identity primary key,
  post_id int not null references public.posts,
  body text not null,
  created_at timestamptz not null
);

insert into public.authors (name, bio)
select 'Author ' || n, repeat('Writes about databases. ', 3) from generate_series(1, 10000) n;
insert into public.posts (author_id, owner, title, body, published, created_at)
select 1 + n % 10000, ('00000000-0000-4000-8000-' || lpad((n % 1000)::text, 12, '0'))::uuid,
       'Post ' || n, repeat('Some words of the post. ', 8), n % 10 <> 0, timestamptz '2026-01-01' + n * interval '1 minute'
from generate_series(1, 100000) n;
insert into public.comments (post_id, body, created_at)
select 1 + n % 100000, 'A comment with some words in it.', timestamptz '2026-01-01' + n * interval '1 second'
from generate_series(1, 500000) n;

create index on public.posts (author_id);
create index on public.posts (owner);
create index on public.posts (created_at);
create index on public.comments (post_id);

alter table public.authors enable row level security;
alter table public.posts enable row level security;
alter table public.comments enable row level security;
create policy authors_read on public.authors for select to anon, authenticated using (true);
create policy posts_public on public.posts for select to anon, authenticated using (published);
create policy posts_own on public.posts for all to authenticated using (owner = auth.uid()) with check (owner = auth.uid());
create policy comments_read on public.comments for select to anon, authenticated using (true);
grant select on public.authors, public.posts, public.comments to anon, authenticated;
grant insert, update, delete on public.posts to authenticated;
analyze;
