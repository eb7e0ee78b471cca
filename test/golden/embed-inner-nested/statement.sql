-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "directors"."name", (
    SELECT coalesce(json_agg("directors_films_1".*), '[]') AS "directors_films_1"
    FROM (
      SELECT "films_1"."title", (
        SELECT coalesce(json_agg("films_awards_2".*), '[]') AS "films_awards_2"
        FROM (
          SELECT "awards_2"."name"
          FROM "public"."awards" AS "awards_2"
          WHERE "awards_2"."film_id" = "films_1"."id" AND "awards_2"."year" >= $1
        ) AS "films_awards_2"
      ) AS "awards"
      FROM "public"."films" AS "films_1"
      WHERE "films_1"."director_id" = "directors"."id" AND EXISTS (
        SELECT 1
        FROM "public"."awards" AS "awards_2"
        WHERE "awards_2"."film_id" = "films_1"."id" AND "awards_2"."year" >= $2
      )
    ) AS "directors_films_1"
  ) AS "films"
  FROM "public"."directors"
  WHERE EXISTS (
    SELECT 1
    FROM "public"."films" AS "films_1"
    WHERE "films_1"."director_id" = "directors"."id" AND EXISTS (
      SELECT 1
      FROM "public"."awards" AS "awards_2"
      WHERE "awards_2"."film_id" = "films_1"."id" AND "awards_2"."year" >= $3
    )
  )
) AS _ashlar_row;
-- $1 = '2000'
-- $2 = '2000'
-- $3 = '2000'

-- what functions have set for the answer
