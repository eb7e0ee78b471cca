-- A year of a small blog about backends. Everything is derived from the lists below, so that each new
-- database gets the same rows under the same keys.

insert into public.authors (name, bio) values
  ('Mira Okonjo', 'Looks after databases for a living and after bees at the weekend. Writes about Postgres, mostly about what it does when nobody is watching.'),
  ('Jonas Falk', 'Has operated other people''s services for fifteen years. Believes in short runbooks.'),
  ('Priya Raman', 'Designs APIs and then has to live with them. Collects error messages.'),
  ('Tomás Herrera', 'Backend engineer in Valencia. Measures first, and is wrong about the result about half of the time.'),
  ('Lena Vogt', 'Security engineer. Would like to see your threat model.'),
  ('Samuel Adeyemi', 'Moved three companies off their message queues, and one back on.'),
  ('Yuki Tanabe', 'Writes TypeScript on weekdays and SQL for fun.'),
  ('Anna Lindqvist', 'Teaches people who are new to backends, and remembers what was confusing.');

insert into public.tags (name) values
  ('postgres'), ('sql'), ('indexes'), ('api-design'), ('http'), ('security'), ('caching'), ('queues'),
  ('observability'), ('testing'), ('migrations'), ('typescript'), ('operations'), ('performance');

-- Title, author, tags and what the post begins with. A title that begins with "Draft: " is not published.
create temporary table draft_posts (
  number integer generated always as identity primary key,
  title text not null,
  author text not null,
  tags text[] not null,
  opening text not null
);

insert into draft_posts (title, author, tags, opening) values
  ('The index that nobody used', 'Mira Okonjo', '{postgres,indexes,performance}',
   'Last month I deleted forty gigabytes of indexes and not one query became slower. Every one of them had been added in a hurry, for a report that no longer exists.'),
  ('What a connection costs', 'Mira Okonjo', '{postgres,operations,performance}',
   'A Postgres connection is a process, and a process is not free. I opened a thousand idle ones on a small machine and watched where the memory went.'),
  ('Error messages are part of your API', 'Priya Raman', '{api-design,http}',
   'Somebody will read your error message at four in the morning, and it will not be you. Say what happened, why, and what to do next.'),
  ('A runbook that fits on one screen', 'Jonas Falk', '{operations,observability}',
   'Our longest runbook had thirty-one steps, and nobody had ever finished it. The one that replaced it has six, and it ends with a telephone number.'),
  ('Row-level security, explained with a filing cabinet', 'Lena Vogt', '{postgres,security}',
   'Imagine a cabinet that shows each visitor only the folders with their name on it. There is no clerk who could be talked into making an exception, which is the whole point.'),
  ('Pagination without tears', 'Priya Raman', '{api-design,sql,performance}',
   'Page 4,000 of anything is a sign that somebody wanted a search. Still, the query has to answer, and OFFSET reads every row that it skips.'),
  ('How we stopped losing jobs', 'Samuel Adeyemi', '{queues,postgres}',
   'We lost about one job in ten thousand, always at the worst moment. The cause was not the queue but the gap between our commit and its send.'),
  ('ETags are free caching', 'Yuki Tanabe', '{http,caching}',
   'The cheapest response is the one you do not send. An ETag costs a hash, and turns a polling client from a nuisance into background noise.'),
  ('Reading a query plan from the inside out', 'Mira Okonjo', '{postgres,sql,performance}',
   'A plan is a tree, and the interesting part is usually a leaf. Look for the node whose estimate and whose actual row count have nothing in common.'),
  ('The migration that locked everything', 'Jonas Falk', '{migrations,postgres,operations}',
   'It was a small change: one column, one default. It waited behind a report, and then everybody else waited behind it.'),
  ('Test the database you run', 'Anna Lindqvist', '{testing,postgres}',
   'For years our tests ran on an in-memory stand-in that knew no foreign keys. They were quick and green, and they tested something we did not ship.'),
  ('Four ways to say no: 400, 401, 403, 404', 'Priya Raman', '{http,api-design,security}',
   'Each of these means that the caller will not get what they asked for. Which one you send decides whether they fix a typo, sign in, ask an admin or give up.'),
  ('Your cache is a second database', 'Tomás Herrera', '{caching,operations}',
   'It holds state, it can be wrong, and it has no backups. Before you add one, ask what happens on the morning it is empty.'),
  ('Types at the border', 'Yuki Tanabe', '{typescript,api-design}',
   'Inside of a program the compiler protects you; at its edge there is only text. Parse once, at the door, and let nothing unparsed past it.'),
  ('Counting is harder than it looks', 'Tomás Herrera', '{postgres,sql,performance}',
   'Every list in the interface wants a total, and every total wants to read the whole table. We found three numbers that were good enough, and one that had to be exact.'),
  ('Secrets do not belong in logs', 'Lena Vogt', '{security,observability}',
   'I searched a week of our own logs for the word "Bearer". I will not tell you how many I found, but I will tell you how they got there.'),
  ('Idempotency keys in plain SQL', 'Samuel Adeyemi', '{api-design,sql,queues}',
   'A client that times out will try again, and it has no way to know whether you had finished. One table and one unique constraint are enough to make that harmless.'),
  ('SELECT FOR UPDATE SKIP LOCKED', 'Samuel Adeyemi', '{queues,postgres,sql}',
   'Five words turn a table into a queue that several workers can share. They do not turn it into a good one; that takes an index and some patience.'),
  ('What to put on a dashboard', 'Jonas Falk', '{observability,operations}',
   'Ours had sixty graphs, and during an outage we looked at two. Those two are now the dashboard.'),
  ('Foreign keys want an index', 'Mira Okonjo', '{postgres,indexes}',
   'Postgres indexes the column a foreign key points to, not the one it points from. You notice on the day you delete a parent row.'),
  ('A gentle start with transactions', 'Anna Lindqvist', '{postgres,sql}',
   'Students ask me why they should care, as everything works without. Then we pull the plug between two statements and look at what is left.'),
  ('Timeouts, from the inside to the outside', 'Jonas Falk', '{operations,http}',
   'The innermost timeout should be the shortest. Ours were the other way around, so the proxy gave up while the database went on working for nobody.'),
  ('JSON columns: when and when not', 'Yuki Tanabe', '{postgres,sql,api-design}',
   'A jsonb column is a fine place for what you only pass through. As soon as you filter by it, sort by it or promise it to someone, it wants to be a column.'),
  ('How long is a password hash?', 'Lena Vogt', '{security}',
   'Long enough to hold its algorithm, its cost and its salt, because all three will change. The mistake is to think of it as a number that you compare.'),
  ('Versioning an API without /v2', 'Priya Raman', '{api-design,http}',
   'Nobody enjoys a /v2: the old one never dies and the new one is never finished. Adding is safe, and most of what looks like a change can be an addition.'),
  ('Partial indexes for drafts', 'Tomás Herrera', '{postgres,indexes,performance}',
   'Only three per cent of our rows are open, and we ask for nothing else. An index on those three per cent fits into memory many times over.'),
  ('The retry storm', 'Samuel Adeyemi', '{queues,operations}',
   'The outage lasted two minutes, and the retries forty. Every client was polite by itself; together they were a siege.'),
  ('Testing with a clock you control', 'Anna Lindqvist', '{testing,typescript}',
   'A test that sleeps is a test that fails on a slow Tuesday. Pass the clock in, and the end of the month is one line away.'),
  ('Structured logs in an afternoon', 'Jonas Falk', '{observability,typescript}',
   'We replaced sentences by fields, and kept the sentence as one of them. The search that used to take an hour is now a filter.'),
  ('CORS is not a firewall', 'Lena Vogt', '{security,http}',
   'It protects the user of a browser from other web pages, and your server from nothing at all. The command line has never heard of it.'),
  ('Enum or lookup table?', 'Mira Okonjo', '{postgres,sql,migrations}',
   'An enum is a promise that the list will hardly change. I have broken that promise often enough to have opinions.'),
  ('A cold start in 300 milliseconds', 'Tomás Herrera', '{performance,typescript}',
   'Most of the first second went into reading files that were never used. We imported them later, or not at all, and the rest took care of itself.'),
  ('Soft deletes and their price', 'Yuki Tanabe', '{sql,api-design}',
   'A column deleted_at seems harmless until every query has to remember it. The one that forgets is always the export.'),
  ('Keyset pagination, step by step', 'Anna Lindqvist', '{sql,api-design,indexes}',
   'Instead of "skip a thousand rows" we ask for "the next twenty after this one". It needs an order that knows no ties, and an index that has the same order.'),
  ('Expand, migrate, contract', 'Priya Raman', '{migrations,api-design}',
   'A column is renamed in three releases, not in one. First both exist, then everybody moves, and only then does the old one go.'),
  ('Backups that have been restored', 'Jonas Falk', '{operations,postgres}',
   'A backup that was never restored is a hope. We restore ours every night into an empty cluster and ask it one question.'),
  ('The N+1 query is an API problem', 'Priya Raman', '{api-design,performance,sql}',
   'If a list gives only ids, the client will ask for each of them. Let it say in the first request what it will need for the screen.'),
  ('Least privilege for a web server', 'Lena Vogt', '{security,postgres}',
   'The role that serves requests should not own a single table. It should not even be able to read one, until it has become somebody.'),
  ('Why our p99 was a lie', 'Tomás Herrera', '{observability,performance}',
   'We averaged the percentiles of twelve servers, which gives a number but not a percentile. The honest one was four times as high.'),
  ('Notes on LISTEN and NOTIFY', 'Samuel Adeyemi', '{postgres,queues}',
   'A notification is a tap on the shoulder, not a letter. Whoever was out of the room has missed it, so look at the table when you come back.'),
  ('Property tests for parsers', 'Yuki Tanabe', '{testing,typescript}',
   'I wrote twelve examples for a parser and was proud of them. The property test found the thirteenth in a second: an empty string between two commas.'),
  ('Cache keys that tell the truth', 'Tomás Herrera', '{caching,security}',
   'If an answer depends on who asks, then who asks belongs into the key. We left it out once, for eleven minutes.'),
  ('What beginners teach me about SQL', 'Anna Lindqvist', '{sql}',
   'They ask why WHERE comes after FROM in the text and before SELECT in the work. I had stopped seeing that it is strange.'),
  ('Rate limits that do not annoy', 'Priya Raman', '{api-design,http,operations}',
   'Say how much is left, say when it starts anew, and be exact about both. People mind a limit much less than a guess.'),
  ('Reading the write-ahead log', 'Mira Okonjo', '{postgres,observability}',
   'Everything that happens to your data is written down before it happens. It is the most honest log you have, and hardly anyone reads it.'),
  ('A queue is a promise', 'Samuel Adeyemi', '{queues,api-design}',
   'When you accept a job you tell the caller that they may forget about it. Answer 202 only if you would bet on it.'),
  ('Draft: Sharding, and why not yet', 'Mira Okonjo', '{postgres,operations}',
   'Outline: one machine goes further than people think. Numbers from our largest customer, then the three signs that it is time.'),
  ('Draft: A week without staging', 'Jonas Falk', '{operations,testing}',
   'To be checked with the team before it goes out. We switched the staging system off to see who would notice.'),
  ('Draft: Signed URLs', 'Lena Vogt', '{security,http}',
   'Needs a diagram. The link is the key, so its lifetime is the lock.'),
  ('Draft: Benchmarks on a laptop', 'Tomás Herrera', '{performance,testing}',
   'The fan is part of the experiment. Collect the runs of last week and draw them in one picture.'),
  ('Draft: Teaching joins with paper', 'Anna Lindqvist', '{sql}',
   'Photos of the table with the index cards are still missing. The lesson itself works every time.'),
  ('Draft: Generated clients', 'Yuki Tanabe', '{typescript,api-design}',
   'Half a page so far. What a generated type can promise, and what it only hopes.');

-- What the authors like to say about a subject. A post goes on with one paragraph for each of its tags.
create temporary table draft_paragraphs (
  tag text not null,
  text text not null
);

insert into draft_paragraphs (tag, text) values
  ('postgres', 'Postgres will tell you most of this itself, if you ask. The views under pg_stat are the first place I look, before any tool that somebody sells.'),
  ('postgres', 'None of it needs an extension. A plain installation has everything used here, and has had it for several major versions.'),
  ('postgres', 'I tried it on the oldest version that we still support and on the newest. The plans differ in detail, the conclusion does not.'),
  ('sql', 'Write the query the way you would say it aloud, and only then make it quick. The planner is better at rearranging than people are.'),
  ('sql', 'A constraint is a test that runs on every write and is never skipped. Put the rule where the data is.'),
  ('sql', 'If a query is hard to name, it usually does two things. Split it, give each part a name, and join the names.'),
  ('indexes', 'An index is a copy that has to be kept up to date, and every write pays for it. Ask of each one which query would miss it.'),
  ('indexes', 'The order of the columns matters more than their number. What you compare for equality comes first, what you sort by comes last.'),
  ('indexes', 'Build it without blocking the writers, and look afterwards whether it is valid. A failed one stays around and does nothing but cost.'),
  ('api-design', 'Design the call from the screen that makes it, not from the table that answers. Then check that the table can keep up.'),
  ('api-design', 'What you publish, somebody depends on, documented or not. The smallest interface that works is the one you can still change.'),
  ('api-design', 'Show it to one person who has not seen the code, and watch them use it. Every question they ask is a missing sentence or a wrong name.'),
  ('http', 'Most of the answer has been in the standard for twenty years. Reading it took an evening and saved us a protocol of our own.'),
  ('http', 'Status codes and headers are for machines, the body is for people. Caches and proxies will never look at your body.'),
  ('http', 'Try it with curl before you try it in the browser. The browser is helpful, and that hides things.'),
  ('security', 'Ask who could be on the other side, and what they would have to know. If the answer is "only the address", it is not protected.'),
  ('security', 'Deny by default, and open one thing at a time, in a place where a reviewer can see it. Forgotten rights are the ones that are found.'),
  ('security', 'A check in the client is a courtesy. The one that counts is the one that cannot be left out.'),
  ('caching', 'Decide how wrong an answer may be, and for how long, and write that number down. Then the rest is arithmetic.'),
  ('caching', 'Measure how often it is hit before you tune anything. Ours answered one request in nine, and we had been proud of it.'),
  ('caching', 'Invalidate by what changed, not by the clock, wherever something can tell you what changed.'),
  ('queues', 'Whatever takes a message will one day take it twice. If the second time does harm, that is the bug to mend first.'),
  ('queues', 'Watch the age of the oldest message, not the length of the line. A long queue that moves is fine; a short one that stands is not.'),
  ('queues', 'Keep the message small: a key and a reason. The worker can read the rest, and what it reads will be current.'),
  ('observability', 'A number that nobody would act upon is decoration. For each graph, write down what you would do if it doubled.'),
  ('observability', 'Give every request an id, and put it into every line and every answer. It is the thread you pull when a customer calls.'),
  ('observability', 'Averages hide exactly those people who will complain. Look at the slowest one in a hundred, and then at why.'),
  ('testing', 'A test is a sentence about behaviour. If you cannot read it aloud to someone from support, it tests the implementation.'),
  ('testing', 'Break the code on purpose and see which test notices. If none does, you have found the next one to write.'),
  ('testing', 'Slow tests are not run, and tests that are not run do not exist. Ours take nine seconds, and that is by design.'),
  ('migrations', 'Small steps, each of which the old program survives, make a deployment boring. Boring is the goal.'),
  ('migrations', 'Set a limit on how long a statement may wait for its lock. It is better to fail and to try again than to have everyone stand in line.'),
  ('migrations', 'Never edit a migration that has run anywhere. Somewhere a database remembers the old text, and it will not be the one you look at.'),
  ('typescript', 'A union with a tag and an exhaustive switch has replaced most of our class hierarchies. The compiler now knows what we forgot.'),
  ('typescript', 'Types describe what you hope for, until something checks them. At the border that something has to be code.'),
  ('typescript', 'Strict mode from the first day is cheap. Strict mode after two years was a quarter of our spring.'),
  ('operations', 'Write down what you did while you do it. In the review you will need the times, and nobody remembers times.'),
  ('operations', 'If it has to be done by hand at night, it will be done wrong at night. Do it by day, on purpose, until it is dull.'),
  ('operations', 'Change one thing, wait, and look. It feels slow, and it is the quickest way that I know.'),
  ('performance', 'Measure, change one thing, and measure again, on a machine that does nothing else. Everything before that is an opinion.'),
  ('performance', 'The work that is not done is the only work that is free. We got more from removing than from tuning.'),
  ('performance', 'Look at the worst case and at the usual one separately. They have different causes, and one fix rarely helps both.');

insert into public.posts (author_id, title, body, published, created_at)
select
  authors.id,
  regexp_replace(draft.title, '^Draft: ', ''),
  draft.opening || E'\n\n' || (
    select string_agg(chosen.text, E'\n\n' order by wanted.position)
    from unnest(draft.tags) with ordinality as wanted (tag, position)
    cross join lateral (
      select paragraph.text
      from draft_paragraphs as paragraph
      where paragraph.tag = wanted.tag
      order by md5(draft.title || paragraph.text)
      limit 1
    ) as chosen
  ),
  draft.title not like 'Draft: %',
  timestamptz '2025-09-01 07:40:00+00' + draft.number * interval '8 days 1 hour 37 minutes'
from draft_posts as draft
join public.authors on authors.name = draft.author
order by draft.number;

insert into public.post_tags (post_id, tag_id)
select posts.id, tags.id
from draft_posts as draft
join public.posts on posts.title = regexp_replace(draft.title, '^Draft: ', '')
join public.tags on tags.name = any (draft.tags)
order by posts.id, tags.id;

-- What readers say: about a subject (tag), or about any post (no tag).
create temporary table draft_comments (
  tag text,
  text text not null
);

insert into draft_comments (tag, text) values
  (null, 'Thank you, this is the first explanation that I could pass on to my team without a warning.'),
  (null, 'Sent this to a colleague before I had finished reading it.'),
  (null, 'I disagree with the second half, but the first half saved me a day.'),
  (null, 'We did the opposite for two years. Everything you describe happened, in that order.'),
  (null, 'Could you say more about how you found out? The numbers are clear, the way to them is not.'),
  (null, 'Short, and nothing is missing. More like this, please.'),
  (null, 'I came for the title and stayed for the third paragraph.'),
  (null, 'Is there a talk about it? I would show it at our next meeting.'),
  (null, 'Small correction: it was already possible two versions earlier, only nobody had written it down.'),
  (null, 'Read it in the morning, tried it at noon, and it is live since this evening.'),
  ('postgres', 'Does the same hold with a pooler in between? We see something similar, but only in the afternoon.'),
  ('postgres', 'pg_stat_user_tables showed me the same on our side within five minutes.'),
  ('postgres', 'Autovacuum was the missing piece for us. Once it kept up, the rest was as you say.'),
  ('sql', 'I rewrote our report after reading this. It went from eleven seconds to under one, and it got shorter.'),
  ('sql', 'A lateral join does it in one pass, in case somebody looks for an alternative.'),
  ('indexes', 'We found fourteen that had not been read since the last restart. All gone now.'),
  ('indexes', 'Careful with the ones that back a constraint: they look unused, but they work on every write.'),
  ('api-design', 'Our mobile team would like to print this and put it on the door.'),
  ('api-design', 'How do you tell people that a field goes away? The header that nobody reads?'),
  ('http', 'Our proxy strips exactly that header. It took us a week to see it.'),
  ('http', 'Finally someone who quotes the standard and not a blog about the standard.'),
  ('security', 'I checked ours while reading. I have opened a ticket.'),
  ('security', 'Good, but please mention that the superuser ignores all of it.'),
  ('caching', 'Ours was wrong for an hour once, and three customers noticed before we did.'),
  ('caching', 'Short lifetimes and a good key got us nearly all of the benefit, with none of the machinery.'),
  ('queues', 'The age of the oldest message is such a simple idea. I do not know why we never looked at it.'),
  ('queues', 'What do you do with the message that fails every time? Ours has its own table and a person who looks at it on Mondays.'),
  ('observability', 'We deleted forty graphs on Friday. Nobody has asked for one of them so far.'),
  ('observability', 'The request id in the answer is the best thing that we did last year.'),
  ('testing', 'I broke our code on purpose, as you suggested. It took three tries until a test noticed.'),
  ('testing', 'A real database in the tests was slower by four seconds and found two bugs on the first day.'),
  ('migrations', 'The limit on waiting for a lock should be the default everywhere.'),
  ('migrations', 'We number ours by date, which ended the quarrels about who has the next number.'),
  ('typescript', 'The exhaustive switch is the reason why I stay with the language.'),
  ('typescript', 'Parsing at the border found three places where the documentation was wrong.'),
  ('operations', 'Six steps and a telephone number. I will steal that.'),
  ('operations', 'We restore every night as well. Twice it failed, and both times we were glad to know.'),
  ('performance', 'Same result here, on hardware that is ten years older. That surprised me.'),
  ('performance', 'Please publish the script, too. I would like to see where our machines stand.');

-- Two to nine a post, of its subjects or of none, by two dozen readers, each some hours after the other.
insert into public.comments (post_id, user_id, body, created_at)
select
  posts.id,
  md5('reader ' || ('x' || substr(md5(posts.title || chosen.text), 1, 4))::bit(16)::integer % 24)::uuid,
  chosen.text,
  posts.created_at + chosen.position * interval '5 hours 23 minutes'
    + make_interval(mins => ('x' || substr(md5(chosen.text || posts.title), 5, 2))::bit(8)::integer)
from public.posts
cross join lateral (
  select
    candidate.text,
    row_number() over (order by md5(posts.title || candidate.text)) as position
  from draft_comments as candidate
  where candidate.tag is null
    or candidate.tag in (
      select tags.name
      from public.post_tags
      join public.tags on tags.id = post_tags.tag_id
      where post_tags.post_id = posts.id
    )
) as chosen
where chosen.position <= 2 + posts.id % 8
  and (posts.published or chosen.position = 1)
order by posts.id, chosen.position;

drop table draft_posts, draft_paragraphs, draft_comments;
