-- Functions are served as /rpc/<name>. This one runs with the rights of its caller, so it counts the posts
-- that the caller may see.

create function public.count_posts_by_tag() returns table (tag text, posts bigint)
  language sql stable
begin atomic
  select tags.name, count(*)
  from public.tags
  join public.post_tags on post_tags.tag_id = tags.id
  group by tags.name
  order by count(*) desc, tags.name;
end;

comment on function public.count_posts_by_tag() is 'The tags, the most used first.';
