-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "directors"."name", (
    SELECT coalesce(json_agg("directors_works_1".*), '[]') AS "directors_works_1"
    FROM (
      SELECT "films_1"."title", (
        SELECT coalesce(json_agg("films_cast_2".*), '[]') AS "films_cast_2"
        FROM (
          SELECT "actors_2"."name"
          FROM "public"."actors" AS "actors_2", "public"."roles" AS "actors_2_via"
          WHERE "actors_2"."id" = "actors_2_via"."actor_id" AND "films_1"."id" = "actors_2_via"."film_id" AND "actors_2"."name" like $1
        ) AS "films_cast_2"
      ) AS "cast"
      FROM "public"."films" AS "films_1"
      WHERE "films_1"."director_id" = "directors"."id" AND "films_1"."year" >= $2
    ) AS "directors_works_1"
  ) AS "works"
  FROM "public"."directors"
  WHERE "directors"."id" = $3
) AS _ashlar_row;
-- $1 = 'T%'
-- $2 = '1960'
-- $3 = '2'

-- what functions have set for the answer
