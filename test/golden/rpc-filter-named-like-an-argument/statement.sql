-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  SELECT pgrst_call."id", pgrst_call."title"
  FROM "public"."search_films"("term" := $1::text) AS pgrst_call
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."id"
  FROM pgrst_source AS "films"
  WHERE "films"."title" like $2
) AS _ashlar_row;
-- $1 = 'seven'
-- $2 = '%Samurai'

-- what functions have set for the answer
