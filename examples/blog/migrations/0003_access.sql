-- Who may do what: a GRANT opens a table, a policy says which rows of it.

alter table public.authors enable row level security;
alter table public.posts enable row level security;
alter table public.comments enable row level security;
alter table public.tags enable row level security;
alter table public.post_tags enable row level security;

-- Everybody reads what is published, and what belongs to it.

grant select on public.authors, public.posts, public.comments, public.tags, public.post_tags
  to anon, authenticated;

create policy "authors are public" on public.authors
  for select to anon, authenticated
  using (true);

create policy "published posts are public" on public.posts
  for select to anon, authenticated
  using (published);

create policy "comments are as public as their post" on public.comments
  for select to anon, authenticated
  using (exists (select from public.posts where posts.id = comments.post_id and posts.published));

create policy "tags are public" on public.tags
  for select to anon, authenticated
  using (true);

create policy "tags of a post are as public as the post" on public.post_tags
  for select to anon, authenticated
  using (exists (select from public.posts where posts.id = post_tags.post_id and posts.published));

-- Who has signed in may comment, and edit or delete their own comments. user_id is not among the columns
-- that may be written, so it is always the caller's.

grant insert (post_id, body), update (body), delete on public.comments to authenticated;

create policy "users comment on published posts" on public.comments
  for insert to authenticated
  with check (
    user_id = (select auth.uid())
    and exists (select from public.posts where posts.id = comments.post_id and posts.published)
  );

create policy "users edit their own comments" on public.comments
  for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));

create policy "users delete their own comments" on public.comments
  for delete to authenticated
  using (user_id = (select auth.uid()));

-- The blog's own programs do everything; policies do not hold for service_role.

grant all on public.authors, public.posts, public.comments, public.tags, public.post_tags to service_role;
