-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  SELECT pgrst_call.*
  FROM "public"."search_films"("term" := $1::text) AS pgrst_call
)
SELECT "public"."tab_separated"((_ashlar_row.*)::"public"."films"), count(*)
FROM (
  SELECT "films".*
  FROM pgrst_source AS "films"
) AS _ashlar_row;
-- $1 = 'seven'

-- what functions have set for the answer
