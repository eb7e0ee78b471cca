-- Who may do what, with holes. Each is marked; the README says what is wrong with it. Do not copy from here.

alter table public.authors enable row level security;
alter table public.posts enable row level security;
alter table public.comments enable row level security;
alter table public.tags enable row level security;
alter table public.post_tags enable row level security;
alter table public.profiles enable row level security;
alter table public.messages enable row level security;
alter table public.webhooks enable row level security;

-- Reading, as in the sound blog.

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

-- Hole 1, no row-level security: the kind of CVE-2025-48757. The table was forgotten above.

grant select, insert on public.subscribers to anon, authenticated;

-- Hole 2, policies that are switched off: written with care, and row-level security was never enabled for the table.

grant select, insert, update, delete on public.bookmarks to authenticated;

create policy "readers have their own bookmarks" on public.bookmarks
  for all to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));

-- Hole 3, a condition that is always true, on personal data: "profiles are public", with the addresses.

grant select on public.profiles to anon, authenticated;

create policy "profiles are public" on public.profiles
  for select to anon, authenticated
  using (true);

-- Hole 4, signed in taken for allowed: broken object level authorization, the first of OWASP's API risks.

grant select, insert (recipient_id, body) on public.messages to authenticated;

create policy "who has signed in reads messages" on public.messages
  for select to authenticated
  using ((select auth.role()) = 'authenticated');

create policy "users write in their own name" on public.messages
  for insert to authenticated
  with check (sender_id = (select auth.uid()));

-- Hole 5, a policy for writing that does not ask who writes.

grant update (title, body) on public.posts to authenticated;

create policy "posts can be mended" on public.posts
  for update to authenticated
  using (published)
  with check (published);

-- Hole 6, rows in the name of somebody else: user_id may be written, and WITH CHECK does not look at it.

grant insert (post_id, user_id, body) on public.comments to authenticated;

create policy "users comment on published posts" on public.comments
  for insert to authenticated
  with check (exists (select from public.posts where posts.id = comments.post_id and posts.published));

-- Hole 7, a row that can be given away: mass assignment. USING asks whose it is, WITH CHECK does not.

grant update (user_id, body), delete on public.comments to authenticated;

create policy "users edit their own comments" on public.comments
  for update to authenticated
  using (user_id = (select auth.uid()))
  with check (body <> '');

create policy "users delete their own comments" on public.comments
  for delete to authenticated
  using (user_id = (select auth.uid()));

-- Hole 8, privilege escalation: user_metadata is written by the users themselves.

grant insert (name), delete on public.tags to authenticated;

create policy "admins keep the tags" on public.tags
  for all to authenticated
  using (((select auth.jwt()) -> 'user_metadata' ->> 'role') = 'admin')
  with check (((select auth.jwt()) -> 'user_metadata' ->> 'role') = 'admin');

-- Hole 9, a secret that is sent: the rows are the caller's own, and the key still should not leave the database.

grant select, insert (url, webhook_secret), delete on public.webhooks to authenticated;

create policy "users have their own webhooks" on public.webhooks
  for all to authenticated
  using (owner_id = (select auth.uid()))
  with check (owner_id = (select auth.uid()));

-- The blog's own programs do everything; policies do not hold for service_role.

grant all on all tables in schema public to service_role;
