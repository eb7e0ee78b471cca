-- set search_path = '"public", "public", "extensions"'; role = 'anon'

EXPLAIN (FORMAT TEXT) UPDATE "public"."journal"
SET "entry" = pgrst_body."entry"
FROM (
  SELECT _."entry"
  FROM json_to_record($1) AS _("entry" text)
  LIMIT 1
) AS pgrst_body
WHERE "journal"."entry" = $2;
-- $1 = '{"entry": "x"}'
-- $2 = 'none'

-- what functions have set for the answer
