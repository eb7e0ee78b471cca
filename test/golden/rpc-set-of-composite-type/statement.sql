-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  SELECT pgrst_call."y", pgrst_call."x"
  FROM "public"."corners"() AS pgrst_call
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "point2d"."y"
  FROM pgrst_source AS "point2d"
  WHERE "point2d"."x" = $1
) AS _ashlar_row;
-- $1 = '1'

-- what functions have set for the answer
