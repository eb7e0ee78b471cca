-- A few rows, so that it shows what leaks.

insert into auth.users (id, email, raw_user_meta_data) values
  ('5d0ca3c4-9d28-4c19-8f5e-3a52a4c2a9b1', 'alice@example.org', '{"name": "Alice"}'),
  ('8b6f0e1c-3c57-4f7e-a3b1-0d8f6b1f2c44', 'bob@example.org', '{"name": "Bob"}');

insert into public.profiles (id, nickname, email) values
  ('5d0ca3c4-9d28-4c19-8f5e-3a52a4c2a9b1', 'alice', 'alice@example.org'),
  ('8b6f0e1c-3c57-4f7e-a3b1-0d8f6b1f2c44', 'bob', 'bob@example.org');

insert into public.authors (name) values ('Mira Okonjo'), ('Jonas Falk');

insert into public.posts (author_id, title, body, published) values
  (1, 'The index that nobody used', 'Last month I deleted forty gigabytes of indexes.', true),
  (2, 'A runbook that fits on one screen', 'It has six steps, and ends with a telephone number.', true),
  (2, 'Draft: who leaves the company', 'Not to be read yet.', false);

insert into public.tags (name) values ('postgres'), ('operations');
insert into public.post_tags (post_id, tag_id) values (1, 1), (2, 2), (3, 2);

insert into public.comments (post_id, user_id, body) values
  (1, '5d0ca3c4-9d28-4c19-8f5e-3a52a4c2a9b1', 'Same here.'),
  (2, '8b6f0e1c-3c57-4f7e-a3b1-0d8f6b1f2c44', 'Which number?'),
  (3, '8b6f0e1c-3c57-4f7e-a3b1-0d8f6b1f2c44', 'Oh.');

insert into public.messages (sender_id, recipient_id, body) values
  ('5d0ca3c4-9d28-4c19-8f5e-3a52a4c2a9b1', '8b6f0e1c-3c57-4f7e-a3b1-0d8f6b1f2c44', 'Between us: I have resigned.');

insert into public.subscribers (email) values ('carol@example.org'), ('dave@example.org');
insert into public.bookmarks (user_id, post_id, note) values ('5d0ca3c4-9d28-4c19-8f5e-3a52a4c2a9b1', 2, 'for the interview');
insert into public.webhooks (owner_id, url, webhook_secret) values
  ('5d0ca3c4-9d28-4c19-8f5e-3a52a4c2a9b1', 'https://example.org/hook', 'do-not-tell');

refresh materialized view public.reader_activity;
