-- What grew around the blog: who reads it, who writes to whom, and what is told to other programs.

create table public.profiles (
  id uuid primary key references auth.users (id) on delete cascade,
  nickname text not null check (char_length(nickname) between 1 and 80),
  email text not null
);

create table public.messages (
  id bigint generated always as identity primary key,
  sender_id uuid not null default auth.uid(),
  recipient_id uuid not null,
  body text not null check (body <> ''),
  sent_at timestamptz not null default now()
);
create index messages_sender_id_idx on public.messages (sender_id);
create index messages_recipient_id_idx on public.messages (recipient_id);

create table public.subscribers (
  id bigint generated always as identity primary key,
  email text not null unique,
  since timestamptz not null default now()
);

create table public.bookmarks (
  user_id uuid not null default auth.uid(),
  post_id bigint not null references public.posts (id) on delete cascade,
  note text not null default '',
  primary key (user_id, post_id)
);
create index bookmarks_post_id_idx on public.bookmarks (post_id);

create table public.webhooks (
  id bigint generated always as identity primary key,
  owner_id uuid not null default auth.uid(),
  url text not null check (url ~ '^https://'),
  webhook_secret text not null
);
create index webhooks_owner_id_idx on public.webhooks (owner_id);
