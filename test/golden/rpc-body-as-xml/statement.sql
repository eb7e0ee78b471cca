-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  SELECT pgrst_call.pgrst_scalar
  FROM (
    SELECT "public"."root_of"($1::xml) AS pgrst_scalar
  ) AS pgrst_call
)
SELECT to_json(_ashlar_row.pgrst_scalar)
FROM (
  SELECT "root_of".*
  FROM pgrst_source AS "root_of"
) AS _ashlar_row;
-- $1 = '<film year="1962"><title>Cléo</title></film>'

-- what functions have set for the answer
