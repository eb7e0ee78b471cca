-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  SELECT pgrst_call.pgrst_scalar
  FROM (
    SELECT "public"."plus_one"("numbers" := $1::integer[]) AS pgrst_scalar
  ) AS pgrst_call
)
SELECT to_json(_ashlar_row.pgrst_scalar)
FROM (
  SELECT "plus_one".*
  FROM pgrst_source AS "plus_one"
) AS _ashlar_row;
-- $1 = '{1,2}'

-- what functions have set for the answer
