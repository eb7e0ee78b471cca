-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  DELETE
  FROM "public"."awards"
  WHERE "awards"."film_id" = $1
  RETURNING "awards"."name", "awards"."film_id", "awards"."id"
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "awards"."name", row_to_json("awards_films_1".*) AS "films"
  FROM pgrst_source AS "awards"
  LEFT JOIN LATERAL (
    SELECT "films_1"."title"
    FROM "public"."films" AS "films_1"
    WHERE "films_1"."id" = "awards"."film_id"
  ) AS "awards_films_1" ON TRUE
  ORDER BY "awards"."name"
) AS _ashlar_row;
-- $1 = '5'

-- what functions have set for the answer
