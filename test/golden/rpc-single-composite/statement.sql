-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  SELECT pgrst_call."id", pgrst_call."title", pgrst_call."director_id"
  FROM "public"."film_by_id"("wanted" := $1::integer) AS pgrst_call
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."id", "films"."title", row_to_json("films_directors_1".*) AS "directors"
  FROM pgrst_source AS "films"
  LEFT JOIN LATERAL (
    SELECT "directors_1"."name"
    FROM "public"."directors" AS "directors_1"
    WHERE "directors_1"."id" = "films"."director_id"
  ) AS "films_directors_1" ON TRUE
) AS _ashlar_row;
-- $1 = '4'

-- what functions have set for the answer
