-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  SELECT pgrst_call.pgrst_scalar
  FROM (
    SELECT "public"."keys_of"($1::jsonb) AS pgrst_scalar
  ) AS pgrst_call
)
SELECT to_json(_ashlar_row.pgrst_scalar)
FROM (
  SELECT "keys_of".*
  FROM pgrst_source AS "keys_of"
) AS _ashlar_row;
-- $1 = '{"b": 1, "a": {"c": 2}}'

-- what functions have set for the answer
