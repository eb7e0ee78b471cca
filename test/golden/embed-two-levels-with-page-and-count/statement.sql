-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT row_to_json(_ashlar_row.*), (
  SELECT count(*)
  FROM "public"."directors"
)
FROM (
  SELECT "directors"."name", (
    SELECT coalesce(json_agg("directors_films_1".*), '[]') AS "directors_films_1"
    FROM (
      SELECT "films_1"."title", (
        SELECT coalesce(json_agg("films_roles_2".*), '[]') AS "films_roles_2"
        FROM (
          SELECT "roles_2"."character"
          FROM "public"."roles" AS "roles_2"
          WHERE "roles_2"."film_id" = "films_1"."id"
          ORDER BY "roles_2"."character"
          LIMIT 1
        ) AS "films_roles_2"
      ) AS "roles"
      FROM "public"."films" AS "films_1"
      WHERE "films_1"."director_id" = "directors"."id"
      ORDER BY "films_1"."year" DESC
      LIMIT 1
    ) AS "directors_films_1"
  ) AS "films"
  FROM "public"."directors"
  ORDER BY "directors"."id"
  LIMIT 2
) AS _ashlar_row;

-- what functions have set for the answer
