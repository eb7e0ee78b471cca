-- plpgsql keeps the plan of a statement: one that was made when the table was small read all of it, for each request,
-- until the table was analysed.

alter function ashlar.claim_idempotency_key(text, text) set enable_seqscan = off;
