-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  SELECT pgrst_call.pgrst_scalar
  FROM (
    SELECT "public"."write_journal"("entry" := $1::text) AS pgrst_scalar
  ) AS pgrst_call
)
SELECT to_json(_ashlar_row.pgrst_scalar)
FROM (
  SELECT "write_journal".*
  FROM pgrst_source AS "write_journal"
) AS _ashlar_row;
-- $1 = 'x'

-- what functions have set for the answer
