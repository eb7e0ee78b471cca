-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  SELECT pgrst_call."title", pgrst_call."director_id", pgrst_call."year"
  FROM "public"."search_films"("term" := $1::text) AS pgrst_call
)
SELECT row_to_json(_ashlar_row.*), (
  SELECT count(*)
  FROM pgrst_source AS "films"
  WHERE "films"."year" > $3
)
FROM (
  SELECT "films"."title", (
    SELECT row_to_json("films_directors_1".*)
    FROM (
      SELECT "directors_1"."name"
      FROM "public"."directors" AS "directors_1"
      WHERE "directors_1"."id" = "films"."director_id"
    ) AS "films_directors_1"
  ) AS "directors"
  FROM pgrst_source AS "films"
  WHERE "films"."year" > $2
  ORDER BY "films"."year" DESC
  LIMIT 2
) AS _ashlar_row;
-- $1 = 'e'
-- $2 = '1960'
-- $3 = '1960'

-- what functions have set for the answer
