-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  SELECT pgrst_call.pgrst_scalar
  FROM (
    SELECT "public"."add"("a" := $1::integer, "b" := $2::integer) AS pgrst_scalar
  ) AS pgrst_call
)
SELECT to_json(_ashlar_row.pgrst_scalar)
FROM (
  SELECT "add".*
  FROM pgrst_source AS "add"
) AS _ashlar_row;
-- $1 = '1'
-- $2 = '2'

-- what functions have set for the answer
