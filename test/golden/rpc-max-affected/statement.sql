-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  SELECT pgrst_call.*
  FROM "public"."drop_awards"() AS pgrst_call
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "awards".*
  FROM pgrst_source AS "awards"
) AS _ashlar_row;

-- what functions have set for the answer
