-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  SELECT pgrst_call."decade", pgrst_call."films"
  FROM "public"."film_counts"("since" := $1::integer) AS pgrst_call
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "record"."decade", "record"."films" AS "n"
  FROM pgrst_source AS "record"
  WHERE "record"."films" > $2
) AS _ashlar_row;
-- $1 = '1955'
-- $2 = '1'

-- what functions have set for the answer
