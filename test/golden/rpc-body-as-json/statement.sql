-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  SELECT pgrst_call.pgrst_scalar
  FROM (
    SELECT "public"."area"($1::json) AS pgrst_scalar
  ) AS pgrst_call
)
SELECT to_json(_ashlar_row.pgrst_scalar)
FROM (
  SELECT "area".*
  FROM pgrst_source AS "area"
) AS _ashlar_row;
-- $1 = '{"w": 3, "h": 4}'

-- what functions have set for the answer
