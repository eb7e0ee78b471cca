-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "actors"."name", (
    SELECT coalesce(json_agg("actors_roles_1".*), '[]') AS "actors_roles_1"
    FROM (
      SELECT "roles_1"."character", row_to_json("roles_films_2".*) AS "films"
      FROM "public"."roles" AS "roles_1"
      LEFT JOIN LATERAL (
        SELECT "films_2"."title", row_to_json("films_directors_3".*) AS "directors"
        FROM "public"."films" AS "films_2"
        LEFT JOIN LATERAL (
          SELECT "directors_3"."name"
          FROM "public"."directors" AS "directors_3"
          WHERE "directors_3"."id" = "films_2"."director_id"
        ) AS "films_directors_3" ON TRUE
        WHERE "films_2"."id" = "roles_1"."film_id"
      ) AS "roles_films_2" ON TRUE
      WHERE "roles_1"."actor_id" = "actors"."id"
      ORDER BY "roles_1"."film_id"
    ) AS "actors_roles_1"
  ) AS "roles"
  FROM "public"."actors"
  WHERE "actors"."id" = $1
) AS _ashlar_row;
-- $1 = '1'

-- what functions have set for the answer
