-- What every golden case starts from: a small film archive, and a shelf of oddities beside it.
-- Keys are given, so that answers stay the same.

-- Roles are one per cluster. This one has settings of its own.
do $$
begin
  if to_regrole('fixture_curator') is null then
    create role fixture_curator nologin;
  end if;
end
$$;
alter role fixture_curator set statement_timeout to '7s';
alter role fixture_curator set default_transaction_isolation to 'repeatable read';
grant fixture_curator to authenticator;
grant usage on schema public to fixture_curator;

-- Films and the people around them --------------------------------------------------------------

create table directors (
  id int primary key,
  name text not null,
  born date,
  country text
);
insert into directors values
  (1, 'Agnès Varda', '1928-05-30', 'FR'),
  (2, 'Akira Kurosawa', '1910-03-23', 'JP'),
  (3, 'Céline Sciamma', '1978-11-12', 'FR'),
  (4, 'Jane Campion', '1954-04-30', null);

create table films (
  id int primary key,
  title text not null,
  year int,
  director_id int constraint films_director references directors,
  rating numeric(3, 1),
  gross bigint,
  restored boolean,
  genres text[] not null default '{}',
  details jsonb
);
insert into films values
  (1, 'Cléo from 5 to 7', 1962, 1, 7.8, null, true, '{drama,comedy}',
    '{"runtime": 90, "language": "fr", "crew": [{"job": "camera", "name": "Jean Rabier"}, {"job": "music", "name": "Michel Legrand"}]}'),
  (2, 'Vagabond', 1985, 1, 7.6, 1200000, false, '{drama}', '{"runtime": 105, "language": "fr", "crew": []}'),
  (3, 'Seven Samurai', 1954, 2, 8.6, 9007199254740993, true, '{action,drama}', '{"runtime": 207, "language": "ja"}'),
  (4, 'Yojimbo', 1961, 2, 8.2, 2500000, null, '{action}', '{"runtime": 110, "language": "ja"}'),
  (5, 'Portrait of a Lady on Fire', 2019, 3, 8.1, 10000000, false, '{drama,romance}', '{"runtime": 122, "language": "fr"}'),
  (6, 'The Magnificent Seven', 1960, null, 7.7, 4905000, true, '{action,western}', '{"runtime": 128, "language": "en"}'),
  (7, 'Untitled', null, 4, null, null, null, '{}', null);

-- A row's own words, and one function more, that can be selected like columns.
create function label(films) returns text language sql stable as $$ select $1.title || coalesce(' (' || $1.year || ')', '') $$;
create function decade(films) returns int language sql immutable as $$ select $1.year / 10 * 10 $$;

create table technical_specs (
  film_id int primary key references films,
  camera text,
  sound text
);
insert into technical_specs values (1, 'Éclair', 'mono'), (3, 'Mitchell', 'mono'), (5, 'Red', 'Dolby Digital');

create table actors (
  id int primary key,
  name text not null,
  born date
);
insert into actors values
  (1, 'Toshiro Mifune', '1920-04-01'),
  (2, 'Corinne Marchand', '1931-12-04'),
  (3, 'Adèle Haenel', '1989-02-11'),
  (4, 'Noémie Merlant', '1988-11-27'),
  (5, 'Takashi Shimura', '1905-03-12');

create table roles (
  film_id int references films,
  actor_id int references actors,
  character text not null,
  fee numeric(8, 2),
  primary key (film_id, actor_id)
);
insert into roles values
  (1, 2, 'Cléo', 100.50),
  (3, 1, 'Kikuchiyo', 200),
  (3, 5, 'Kambei', 300),
  (4, 1, 'Sanjuro', null),
  (5, 3, 'Héloïse', 400),
  (5, 4, 'Marianne', 400);

create table awards (
  id int primary key,
  film_id int not null references films on delete cascade,
  name text not null,
  year int,
  unique (film_id, name)
);
insert into awards values
  (1, 3, 'Silver Lion', 1954),
  (2, 5, 'Best Screenplay', 2019),
  (3, 5, 'Queer Palm', 2019),
  (4, 2, 'Golden Lion', 1985);

create type address as (street text, city text, zip int);

create table venues (
  id int primary key,
  name text not null,
  address address,
  phones text[]
);
insert into venues values
  (1, 'Rex', ('Boulevard Poissonnière', 'Paris', 75002)::address, '{+33 1,+33 2}'),
  (2, 'Arsenal', ('Potsdamer Straße', 'Berlin', 10785)::address, '{+49 30}'),
  (3, 'Open Air', null, null);

-- Two keys lead to the same table, so that embedding needs a hint.
create table screenings (
  id int primary key,
  film_id int not null references films,
  venue_id int constraint main_venue references venues,
  backup_venue_id int constraint backup_venue references venues,
  starts_at timestamptz not null,
  open tsrange,
  seats int4range
);
insert into screenings values
  (1, 1, 1, 2, '2024-05-01 20:00:00+00', '[2024-05-01,2024-05-08)', '[1,101)'),
  (2, 3, 1, null, '2024-05-02 18:30:00+00', '[2024-05-08,2024-05-10)', '[101,151)'),
  (3, 5, 2, 3, '2024-05-03 21:15:00+00', '[2024-05-20,2024-06-01)', '[151,301)'),
  (4, 5, 3, 1, '2024-06-21 22:00:00+00', null, 'empty');

create table employees (
  id int primary key,
  name text not null,
  supervisor_id int references employees
);
insert into employees values (1, 'Langlois', null), (2, 'Meerson', 1), (3, 'Epstein', 1), (4, 'Franju', 2);
create function supervisees(employees) returns setof employees language sql stable as
  $$ select * from employees where supervisor_id = $1.id order by id $$;
create function supervisor(employees) returns setof employees rows 1 language sql stable as
  $$ select * from employees where id = $1.supervisor_id $$;

create table users (id int primary key, username text not null unique);
create table subscriptions (
  subscriber_id int references users,
  subscribed_id int references users,
  primary key (subscriber_id, subscribed_id)
);
insert into users values (1, 'ada'), (2, 'bo'), (3, 'cy');
insert into subscriptions values (1, 2), (3, 2), (2, 3);
create function subscribers(users) returns setof users language sql stable as
  $$ select u.* from users u join subscriptions s on s.subscriber_id = u.id where s.subscribed_id = $1.id $$;
create function following(users) returns setof users language sql stable as
  $$ select u.* from users u join subscriptions s on s.subscribed_id = u.id where s.subscriber_id = $1.id $$;

create table box_office (
  day date not null,
  film_id int not null references films,
  gross numeric(12, 2) not null,
  primary key (day, film_id)
) partition by range (day);
create table box_office_2023 partition of box_office for values from ('2023-01-01') to ('2024-01-01');
create table box_office_2024 partition of box_office for values from ('2024-01-01') to ('2025-01-01');
insert into box_office values
  ('2023-12-31', 5, 1000.10), ('2024-01-01', 5, 2000.20), ('2024-01-02', 5, 500), ('2024-01-02', 3, 750.75);

-- A foreign table of a file beside the data.
create extension file_fdw;
create server files foreign data wrapper file_fdw;
do $$
declare
  path text := current_setting('data_directory') || '/golden_premieres.csv';
begin
  execute format(
    'copy (values (1, %L, %L::date, 5), (2, %L, %L::date, 3)) to %L with (format csv)',
    'Cannes', '2019-05-19', 'Tokyo', '1954-04-26', path);
  execute format(
    'create foreign table premieres (id int, place text, day date, film_id int) server files options (filename %L, format %L)',
    path, 'csv');
end
$$;
create function film(premieres) returns setof films rows 1 language sql stable as
  $$ select * from films where id = $1.film_id $$;
create function premieres(films) returns setof premieres language sql stable as
  $$ select * from premieres where film_id = $1.id $$;

create view film_cards as select id, title, year, director_id from films;
create view award_winners as
  select f.id as film_id, f.title, a.id as award_id, a.name as award, a.film_id as awarded_film_id
  from awards a join films f on f.id = a.film_id;
create view prolific_directors as
  select director_id, count(*) as films from films where director_id is not null group by director_id having count(*) > 1;
create materialized view director_films as
  select director_id, count(*) as films, max(rating) as best from films where director_id is not null group by director_id;

-- A view whose rows are written by a trigger.
create view inbox as select distinct id, name as sender from actors where id < 3;
create function receive() returns trigger language plpgsql as $$
begin
  insert into actors (id, name) values (new.id, 'from ' || new.sender);
  return new;
end
$$;
create trigger receive instead of insert on inbox for each row execute function receive();

-- Things to be written --------------------------------------------------------------------------

create table products (
  sku text primary key,
  name text not null unique,
  price numeric(8, 2) not null default 10,
  stock int not null default 0 check (stock >= 0),
  note text
);
insert into products values ('CAP', 'Cap', 12.50, 3, null), ('TEE', 'T-shirt', 20, 0, 'sold out'), ('BAG', 'Bag', 8, 40, null);

create table orders (
  id int generated always as identity (start 100) primary key,
  sku text not null references products,
  quantity int not null default 1,
  unit_price numeric(8, 2) not null default 10,
  total numeric(10, 2) generated always as (quantity * unit_price) stored,
  placed_at timestamptz not null default '2024-01-01 12:00:00+00'
);
insert into orders (id, sku, quantity, unit_price) overriding system value values (1, 'CAP', 2, 12.50), (2, 'BAG', 1, 8);

create table tickets (
  id int generated by default as identity (start 500) primary key,
  holder text,
  price numeric(6, 2) default 9.50
);
insert into tickets (id, holder) values (1, 'ada');

create table labels (
  language text,
  code text,
  label text,
  primary key (language, code)
);
insert into labels values ('en', 'yes', 'yes'), ('fr', 'yes', 'oui');

create table journal (entry text);
insert into journal values ('opened');

-- Only written where a case commits.
create table ledger (id int primary key, entry text);

-- Who may see what ------------------------------------------------------------------------------

create table diaries (
  id int primary key,
  owner text not null,
  entry text
);
insert into diaries values (1, 'ada', 'rain'), (2, 'bo', 'sun'), (3, 'ada', 'fog');
alter table diaries enable row level security;
create policy own on diaries
  using (owner = current_setting('request.jwt.claims', true)::json ->> 'sub');

create table salaries (
  id int primary key,
  name text,
  salary int
);
insert into salaries values (1, 'Langlois', 1000), (2, 'Meerson', 1200);

create table vault (id int primary key);

-- Types and names of their own kind -------------------------------------------------------------

create table measurements (
  id bigint primary key,
  exact numeric,
  approximate double precision,
  small real
);
insert into measurements values
  (9223372036854775807, 12345678901234567890.123456789, 0.1, 1.5), (1, 0.10, 1e300, -0.25), (2, 'NaN', 'Infinity', null);

create table articles (
  id int primary key,
  body text not null,
  note json,
  search tsvector generated always as (to_tsvector('english', body)) stored
);
insert into articles values
  (1, 'The fat cats ate many rats.', '{"text": "The cats are fat"}'),
  (2, 'A cat and a rat walk into a bar.', null),
  (3, 'Les chats sont amusants.', '{"text": "amusant"}');

-- A colour is stored as a number and shown as text.
create domain color as integer check (value between 0 and 16777215);
create function show_color(color) returns json language sql immutable as
  $$ select to_json('#' || lpad(upper(to_hex($1)), 6, '0')) $$;
create function color(json) returns color language sql immutable as $$ select color($1 #>> '{}') $$;
create function color(text) returns color language sql immutable as
  $$ select (('x' || lpad(ltrim($1, '#'), 8, '0'))::bit(32)::int)::color $$;
set client_min_messages to error;
create cast (color as json) with function show_color(color) as implicit;
create cast (json as color) with function color(json) as implicit;
create cast (text as color) with function color(text) as implicit;
reset client_min_messages;

create type finish as enum ('matt', 'gloss');
create table paints (
  id int primary key,
  shade color,
  finish finish,
  batch uuid
);
insert into paints values
  (1, 255, 'matt', '6f1d3a52-0000-4000-8000-000000000001'), (2, 16711680, 'gloss', null), (3, null, null, null);

create table "odd ""name"", 100%" (
  "select" int primary key,
  "a b" text,
  "c,d" text,
  "e.f" text,
  "g""h" text,
  "über(x)" text,
  "i->j" text
);
insert into "odd ""name"", 100%" values (1, 'space', 'comma', 'dot', 'quote', 'umlaut', 'arrow'), (2, null, 'c', 'x,y', 'q"t', '(p)', 'b\s');

create table "odd child" (
  id int primary key,
  "parent, id" int references "odd ""name"", 100%"
);
insert into "odd child" values (10, 1), (11, 1);

-- A name of 62 characters: with a number behind it, Postgres would cut off the number.
create table folders_in_folders_in_folders_with_a_name_as_long_as_it_may_be (
  id int primary key,
  name text,
  inside int references folders_in_folders_in_folders_with_a_name_as_long_as_it_may_be
);
insert into folders_in_folders_in_folders_with_a_name_as_long_as_it_may_be values
  (1, 'all', null), (2, 'films', 1), (3, 'french', 2), (4, 'posters', 1);

-- Functions -------------------------------------------------------------------------------------

create function add(a int, b int default 10) returns int language sql immutable as $$ select a + b $$;
create function total(variadic numbers int[]) returns int language sql immutable as $$ select sum(n)::int from unnest(numbers) n $$;
create function plus_one(numbers int[]) returns int[] language sql immutable as $$ select array_agg(n + 1) from unnest(numbers) n $$;
create function search_films(term text) returns setof films language sql stable as
  $$ select * from films where title ilike '%' || term || '%' order by id $$;
create function film_by_id(wanted int) returns films language sql stable as $$ select * from films where id = wanted $$;
create function film_counts(since int default 0) returns table (decade int, films bigint) language sql stable as
  $$ select year / 10 * 10, count(*) from films where year >= since group by 1 order by 1 $$;
create function titles() returns setof text language sql stable as $$ select title from films order by title $$;
create type point2d as (x int, y int);
create function origin() returns point2d language sql immutable as $$ select 0, 0 $$;
create function corners() returns setof point2d language sql immutable as $$ values (0, 0), (0, 1), (1, 1) $$;
create function bounds(out low int, out high int) language sql stable as $$ select min(year), max(year) from films $$;
create function loose() returns setof record language sql stable as $$ select id, title from films order by id limit 2 $$;
create function ping() returns void language sql immutable as $$ select $$;
create function nothing() returns text language sql immutable as $$ select null::text $$;
create function write_journal(entry text) returns void language sql volatile as $$ insert into journal values (entry) $$;
create function drop_awards() returns setof awards language sql volatile as $$ delete from awards returning * $$;
create function duration(film int) returns int language sql stable as $$ select (details ->> 'runtime')::int from films where id = film $$;
create function duration(film int, unit text) returns text language sql stable as $$ select duration(film) || ' ' || unit $$;
create function clash(value int) returns text language sql immutable as $$ select 'int' $$;
create function clash(value text) returns text language sql immutable as $$ select 'text' $$;
create function area(json) returns int language sql immutable as $$ select ($1 ->> 'w')::int * ($1 ->> 'h')::int $$;
create function keys_of(jsonb) returns text[] language sql immutable as $$ select array_agg(k order by k) from jsonb_object_keys($1) k $$;
create function pick(wanted int) returns text language sql immutable as $$ select 'by argument: ' || wanted $$;
create function pick(json) returns text language sql immutable as $$ select 'by body: ' || $1 $$;
create function length_of(text) returns int language sql immutable as $$ select length($1) $$;
create function size_of(bytea) returns int language sql immutable as $$ select octet_length($1) $$;
create function root_of(xml) returns text language sql immutable as $$ select (xpath('name(/*)', $1))[1]::text $$;
create function "odd function, (too)"("an argument" text) returns text language sql immutable as $$ select upper("an argument") $$;

create function settings() returns json language sql stable as $$
  select json_build_object(
    'role', current_user,
    'search_path', current_setting('search_path'),
    'read_only', current_setting('transaction_read_only'),
    'isolation', current_setting('transaction_isolation'),
    'timeout', current_setting('statement_timeout'),
    'claims', current_setting('request.jwt.claims')::json,
    'method', current_setting('request.method'),
    'path', current_setting('request.path'),
    'headers', current_setting('request.headers')::json,
    'cookies', current_setting('request.cookies')::json)
$$;
create function patient() returns json language sql stable set statement_timeout to '9s' set default_transaction_isolation to 'serializable' as
  $$ select json_build_object('timeout', current_setting('statement_timeout'), 'isolation', current_setting('transaction_isolation')) $$;
create function teapot() returns json language plpgsql volatile as $$
begin
  perform set_config('response.status', '418', true);
  perform set_config('response.headers', '[{"X-Material": "stoneware"}, {"Content-Language": "en"}]', true);
  return json_build_object('message', 'short and stout');
end
$$;
create function bad_headers() returns void language plpgsql volatile as $$
begin
  perform set_config('response.headers', '{"not": "an array"}', true);
end
$$;
create function fail() returns void language plpgsql volatile as $$
begin
  raise exception 'I refuse!' using detail = 'Pretty simple', hint = 'There is nothing you can do.';
end
$$;
create function fail_with_status() returns void language plpgsql volatile as $$
begin
  raise sqlstate 'PT402' using message = 'Payment Required', detail = 'Quota exceeded', hint = 'Upgrade your plan';
end
$$;
create function fail_with_json() returns void language plpgsql volatile as $$
begin
  raise sqlstate 'PGRST' using
    message = '{"code": "123", "message": "Page Expired", "details": "Too late", "hint": "Reload"}',
    detail = '{"status": 419, "status_text": "Page Expired", "headers": {"X-Powered-By": "Nerd Rage"}}';
end
$$;
create function fail_with_bad_json() returns void language plpgsql volatile as $$
begin
  raise sqlstate 'PGRST' using message = 'no JSON', detail = '{}';
end
$$;
create function divide(a int, b int) returns int language sql immutable as $$ select a / b $$;
create function check_request() returns void language plpgsql as $$
begin
  if current_setting('request.headers')::json ->> 'x-blocked' is not null then
    raise sqlstate 'PT403' using message = 'Blocked';
  end if;
  perform set_config('response.headers', '[{"X-Checked": "yes"}]', true);
end
$$;

-- Media types -----------------------------------------------------------------------------------

create domain "text/html" as text;
create function page(title text) returns "text/html" language sql immutable as
  $$ select '<h1>' || replace(title, '<', '&lt;') || '</h1>' $$;
create domain "application/octet-stream" as bytea;
create function poster() returns "application/octet-stream" language sql immutable as $$ select '\x676f6c64'::bytea $$;
create domain "text/tab-separated-values" as text;
create function add_line(state "text/tab-separated-values", next films) returns "text/tab-separated-values"
  language sql immutable as $$ select (state || next.id || E'\t' || next.title || E'\n')::"text/tab-separated-values" $$;
create aggregate tab_separated(films) (sfunc = add_line, stype = "text/tab-separated-values", initcond = '');
create domain "text/plain" as text;
create function greeting() returns "text/plain" language sql immutable as $$ select 'Grüße, "quoted"' $$;
create domain "text/xml" as xml;
create function feed() returns "text/xml" language sql stable as
  $$ select xmlelement(name films, xmlagg(xmlelement(name film, title) order by id)) from films where id < 3 $$;
create domain "application/x-ndjson" as text;
create function add_json(state "application/x-ndjson", next anyelement) returns "application/x-ndjson"
  language sql immutable as $$ select (state || to_json(next)::text || E'\n')::"application/x-ndjson" $$;
create aggregate json_lines(anyelement) (sfunc = add_json, stype = "application/x-ndjson", initcond = '');
create domain "*/*" as bytea;
create function anything() returns "*/*" language plpgsql stable as $$
begin
  if current_setting('request.headers')::json ->> 'accept' = 'unknown/media' then
    raise sqlstate 'PT415' using message = 'Unsupported Media Type';
  end if;
  perform set_config('response.headers', '[{"Content-Type": "app/groucho"}]', true);
  return 'any'::bytea;
end
$$;

-- Other schemas ---------------------------------------------------------------------------------

create schema archive;
grant usage on schema archive to anon, authenticated;
create table archive.films (id int primary key, title text);
insert into archive.films values (1, 'L''Arrivée d''un train');
create table archive.reels (id int primary key, film_id int references archive.films, shelf text);
comment on table archive.reels is 'Where they are kept.
@cache public, max-age=60
@require-match';
insert into archive.reels values (7, 1, 'A3');
create function archive.shelf_of(reel int) returns text language sql stable as $$ select shelf from archive.reels where id = reel $$;

create schema "odd ""schema"", too";
grant usage on schema "odd ""schema"", too" to anon;
create table "odd ""schema"", too".things (id int primary key, name text);
insert into "odd ""schema"", too".things values (1, 'thing');

-- Rights ----------------------------------------------------------------------------------------

grant select, insert, update, delete on all tables in schema public, archive, "odd ""schema"", too" to anon, authenticated, fixture_curator;
grant usage on all sequences in schema public to anon, authenticated;
revoke all on diaries, salaries, vault from anon, authenticated, fixture_curator;
revoke insert, update, delete on directors from anon;
grant select, insert, update, delete on diaries to authenticated;
grant select (id, name) on salaries to anon;

analyze;
