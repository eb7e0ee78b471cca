-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  SELECT pgrst_call.pgrst_scalar
  FROM (
    SELECT "public"."size_of"($1::bytea) AS pgrst_scalar
  ) AS pgrst_call
)
SELECT to_json(_ashlar_row.pgrst_scalar)
FROM (
  SELECT "size_of".*
  FROM pgrst_source AS "size_of"
) AS _ashlar_row;
-- $1 = '\x436cc3a96f'

-- what functions have set for the answer
