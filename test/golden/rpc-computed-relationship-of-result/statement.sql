-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  SELECT pgrst_call.*
  FROM "public"."search_films"("term" := $1::text) AS pgrst_call
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."title", "films"."label", (
    SELECT coalesce(json_agg("films_premieres_1".*), '[]') AS "films_premieres_1"
    FROM (
      SELECT "premieres_1"."place"
      FROM "public"."premieres"(("films".*)::"public"."films") AS "premieres_1"
    ) AS "films_premieres_1"
  ) AS "premieres"
  FROM pgrst_source AS "films"
) AS _ashlar_row;
-- $1 = 'Lady'

-- what functions have set for the answer
