-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  SELECT pgrst_call."title", pgrst_call."id", pgrst_call."director_id"
  FROM "public"."search_films"("term" := $1::text) AS pgrst_call
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."title"
  FROM pgrst_source AS "films"
  WHERE "films"."director_id" = $2
  ORDER BY "films"."id"
) AS _ashlar_row;
-- $1 = 'o'
-- $2 = '2'

-- what functions have set for the answer
