-- What the writers of `npm run crash` fill. There is no key on purpose: a write that was applied twice is to be seen.
create table ledger (writer int not null, seq int not null);
create index on ledger (writer, seq);
alter table ledger enable row level security;
create policy everyone on ledger for all to anon using (true) with check (true);
grant select, insert on ledger to anon;

create function enter(writer int, seq int) returns void language sql volatile
as 'insert into ledger values (writer, seq)';
