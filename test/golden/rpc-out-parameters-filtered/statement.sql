-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  SELECT pgrst_call."high", pgrst_call."low"
  FROM "public"."bounds"() AS pgrst_call
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "record"."high"
  FROM pgrst_source AS "record"
  WHERE "record"."low" > $1
) AS _ashlar_row;
-- $1 = '1900'

-- what functions have set for the answer
