-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  SELECT pgrst_call.*
  FROM "public"."film_counts"() AS pgrst_call
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "record"."films", pg_catalog.count("record".*)
  FROM pgrst_source AS "record"
  WHERE "record"."decade" >= $1
  GROUP BY 1
  ORDER BY "record"."films"
) AS _ashlar_row;
-- $1 = '1960'

-- what functions have set for the answer
