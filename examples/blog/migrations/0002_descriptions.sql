-- What the API's description says about tables and columns.

comment on table public.authors is 'Those who write posts.';
comment on column public.authors.id is 'Key.';
comment on column public.authors.name is 'As it stands below a post.';
comment on column public.authors.bio is 'A few words about the author.';

comment on table public.posts is 'What the authors have written.';
comment on column public.posts.id is 'Key.';
comment on column public.posts.author_id is 'Who wrote it.';
comment on column public.posts.title is 'The headline, up to 120 characters.';
comment on column public.posts.body is 'The text; an empty line parts paragraphs.';
comment on column public.posts.published is 'Whether readers may see it; else it is a draft.';
comment on column public.posts.created_at is 'When it was begun.';

comment on table public.comments is 'What readers have to say about a post.';
comment on column public.comments.id is 'Key.';
comment on column public.comments.post_id is 'The post that it is about.';
comment on column public.comments.user_id is 'Who wrote it: the claim sub of the token.';
comment on column public.comments.body is 'The text, up to 2000 characters.';
comment on column public.comments.created_at is 'When it was written.';

comment on table public.tags is 'Words to find posts by.';
comment on column public.tags.id is 'Key.';
comment on column public.tags.name is 'Lower case, words joined by hyphens.';

comment on table public.post_tags is 'Which post has which tags.';
comment on column public.post_tags.post_id is 'The post.';
comment on column public.post_tags.tag_id is 'One of its tags.';
