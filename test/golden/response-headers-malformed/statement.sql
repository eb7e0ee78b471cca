-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  SELECT pgrst_call.pgrst_scalar
  FROM (
    SELECT "public"."bad_headers"() AS pgrst_scalar
  ) AS pgrst_call
)
SELECT to_json(_ashlar_row.pgrst_scalar)
FROM (
  SELECT "bad_headers".*
  FROM pgrst_source AS "bad_headers"
) AS _ashlar_row;

-- what functions have set for the answer
