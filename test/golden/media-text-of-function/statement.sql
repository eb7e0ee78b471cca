-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  SELECT pgrst_call.pgrst_scalar
  FROM (
    SELECT "public"."greeting"() AS pgrst_scalar
  ) AS pgrst_call
)
SELECT _ashlar_row.pgrst_scalar, 1
FROM (
  SELECT "greeting".*
  FROM pgrst_source AS "greeting"
) AS _ashlar_row;

-- what functions have set for the answer
