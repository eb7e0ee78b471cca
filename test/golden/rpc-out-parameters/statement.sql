-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  SELECT pgrst_call.*
  FROM "public"."bounds"() AS pgrst_call
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "record".*
  FROM pgrst_source AS "record"
) AS _ashlar_row;

-- what functions have set for the answer
