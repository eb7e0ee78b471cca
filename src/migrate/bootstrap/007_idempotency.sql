-- Answers that are kept for requests that are delivered twice (Idempotency-Key). The server writes here by its own
-- login, in the transaction of the request; the roles of requests may not even look.

create table ashlar.idempotency_keys (
  owner text not null,
  key text not null,
  fingerprint text not null,
  status integer not null,
  headers text not null,
  body bytea,
  created_at timestamptz not null default now(),
  primary key (owner, key)
);
create index idempotency_keys_created_at_idx on ashlar.idempotency_keys (created_at);
comment on table ashlar.idempotency_keys is 'Answers that are kept for requests that are delivered twice.';
comment on column ashlar.idempotency_keys.owner is 'Whose key it is: a hash of the role and the subject.';
comment on column ashlar.idempotency_keys.key is 'As the client sent it.';
comment on column ashlar.idempotency_keys.fingerprint is 'A hash of the request: another request with the key is refused.';
comment on column ashlar.idempotency_keys.headers is 'JSON: a list of names and values.';

create function ashlar.claim_idempotency_key(owner text, key text) returns void
  language plpgsql
  set search_path = ''
  as $$
begin
  -- Held until the transaction ends, so of the same request at the same time one runs.
  if not pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtextextended(owner || '/' || key, 1229145413)) then
    raise sqlstate 'ASH09' using message = 'a request with this key is under way';
  end if;
  if exists (
    select from ashlar.idempotency_keys as kept
    where kept.owner = claim_idempotency_key.owner and kept.key = claim_idempotency_key.key
  ) then
    raise sqlstate 'ASH22' using message = 'the answer to this key is kept already';
  end if;
end
$$;
comment on function ashlar.claim_idempotency_key(text, text) is 'Refuses a key that is in use (ASH09) or has its answer already (ASH22).';
revoke all on function ashlar.claim_idempotency_key(text, text) from public;
