-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  SELECT pgrst_call.pgrst_scalar
  FROM (
    SELECT "public"."odd function, (too)"("an argument" := $1::text) AS pgrst_scalar
  ) AS pgrst_call
)
SELECT to_json(_ashlar_row.pgrst_scalar)
FROM (
  SELECT "odd function, (too)".*
  FROM pgrst_source AS "odd function, (too)"
) AS _ashlar_row;
-- $1 = 'abc'

-- what functions have set for the answer
