-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT row_to_json(_ashlar_row.*), (
  SELECT count(*)
  FROM "public"."directors"
  WHERE EXISTS (
    SELECT 1
    FROM "public"."films" AS "films_1"
    WHERE "films_1"."director_id" = "directors"."id" AND "films_1"."year" > $3
  )
)
FROM (
  SELECT "directors"."name", (
    SELECT coalesce(json_agg("directors_films_1".*), '[]') AS "directors_films_1"
    FROM (
      SELECT "films_1"."title"
      FROM "public"."films" AS "films_1"
      WHERE "films_1"."director_id" = "directors"."id" AND "films_1"."year" > $1
    ) AS "directors_films_1"
  ) AS "films"
  FROM "public"."directors"
  WHERE EXISTS (
    SELECT 1
    FROM "public"."films" AS "films_1"
    WHERE "films_1"."director_id" = "directors"."id" AND "films_1"."year" > $2
  )
  ORDER BY "directors"."id"
  LIMIT 1
) AS _ashlar_row;
-- $1 = '1960'
-- $2 = '1960'
-- $3 = '1960'

-- what functions have set for the answer
