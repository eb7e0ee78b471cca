-- Views, with holes.

-- Hole 10, a view that passes policies: it reads as its owner, so the drafts are in it.

create view public.latest_posts as
  select id, title, body, published, created_at from public.posts order by created_at desc limit 20;

grant select on public.latest_posts to anon, authenticated;

-- Hole 11, the users themselves: a view of auth.users that everybody may read who has signed in.

create view public.members as
  select id, email, last_sign_in_at, raw_user_meta_data from auth.users;

grant select on public.members to authenticated;

-- Hole 12, a materialized view: a copy that no policy holds.

create materialized view public.reader_activity as
  select user_id, count(*) as comments, max(created_at) as last_seen from public.comments group by user_id;

create unique index reader_activity_user_id_idx on public.reader_activity (user_id);
grant select on public.reader_activity to anon, authenticated;
