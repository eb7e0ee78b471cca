-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  SELECT pgrst_call.pgrst_scalar
  FROM (
    SELECT "public"."duration"("film" := $1::integer, "unit" := $2::text) AS pgrst_scalar
  ) AS pgrst_call
)
SELECT to_json(_ashlar_row.pgrst_scalar)
FROM (
  SELECT "duration".*
  FROM pgrst_source AS "duration"
) AS _ashlar_row;
-- $1 = '3'
-- $2 = 'min'

-- what functions have set for the answer
