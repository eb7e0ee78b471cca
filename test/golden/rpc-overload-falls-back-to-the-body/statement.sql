-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  SELECT pgrst_call.pgrst_scalar
  FROM (
    SELECT "public"."pick"($1::json) AS pgrst_scalar
  ) AS pgrst_call
)
SELECT to_json(_ashlar_row.pgrst_scalar)
FROM (
  SELECT "pick".*
  FROM pgrst_source AS "pick"
) AS _ashlar_row;
-- $1 = '{"other": 3}'

-- what functions have set for the answer
