-- Functions and roles, with holes. Everybody may call a function unless that is revoked.

-- Hole 13, SQL injection by a function: what is searched for becomes part of the statement.

create function public.search_posts(word text) returns table (id bigint, title text)
  language plpgsql stable security definer set search_path = ''
  as $$
begin
  return query execute
    'select id, title from public.posts where published and title ilike ''%' || word || '%''';
end
$$;

-- Hole 14, a function with the rights of its owner that does not ask who calls: a missing check of authorization.

create function public.remove_account(account uuid) returns void
  language sql security definer set search_path = ''
begin atomic
  delete from public.comments where user_id = account;
  delete from public.profiles where id = account;
end;

-- Hole 15, a role of requests that no policy holds: editors should see drafts, and BYPASSRLS was the short way.

do $$
begin
  if to_regrole('broken_blog_editor') is null then
    create role broken_blog_editor nologin noinherit bypassrls;
  end if;
end
$$;
grant usage on schema public to broken_blog_editor;
grant select, update on public.posts to broken_blog_editor;
grant broken_blog_editor to authenticator;
