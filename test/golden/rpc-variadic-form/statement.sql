-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  SELECT pgrst_call.pgrst_scalar
  FROM (
    SELECT "public"."total"(VARIADIC "numbers" := $1::integer[]) AS pgrst_scalar
  ) AS pgrst_call
)
SELECT to_json(_ashlar_row.pgrst_scalar)
FROM (
  SELECT "total".*
  FROM pgrst_source AS "total"
) AS _ashlar_row;
-- $1 = '{"1","10"}'

-- what functions have set for the answer
