-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  SELECT pgrst_call.pgrst_scalar
  FROM (
    SELECT *
    FROM json_to_record($1) AS _("entry" text)
    LIMIT 1
  ) AS pgrst_body, LATERAL (
    SELECT "public"."write_journal"("entry" := pgrst_body."entry") AS pgrst_scalar
  ) AS pgrst_call
)
SELECT to_json(_ashlar_row.pgrst_scalar)
FROM (
  SELECT "write_journal".*
  FROM pgrst_source AS "write_journal"
) AS _ashlar_row;
-- $1 = '{"entry": "closed"}'

-- what functions have set for the answer
