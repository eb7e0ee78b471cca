-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."title", (
    SELECT coalesce(json_agg("films_actors_1".*), '[]') AS "films_actors_1"
    FROM (
      SELECT "roles_1"."character", "roles_actors_2"."name"
      FROM "public"."roles" AS "roles_1"
      LEFT JOIN LATERAL (
        SELECT "actors_2"."name"
        FROM "public"."actors" AS "actors_2"
        WHERE "actors_2"."id" = "roles_1"."actor_id"
      ) AS "roles_actors_2" ON TRUE
      WHERE "roles_1"."film_id" = "films"."id"
      ORDER BY "roles_1"."character"
    ) AS "films_actors_1"
  ) AS "actors"
  FROM "public"."films"
  WHERE "films"."id" = $1
) AS _ashlar_row;
-- $1 = '3'

-- what functions have set for the answer
