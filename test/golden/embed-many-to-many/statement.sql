-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "actors"."name", (
    SELECT coalesce(json_agg("actors_films_1".*), '[]') AS "actors_films_1"
    FROM (
      SELECT "films_1"."title"
      FROM "public"."films" AS "films_1", "public"."roles" AS "films_1_via"
      WHERE "films_1"."id" = "films_1_via"."film_id" AND "actors"."id" = "films_1_via"."actor_id"
      ORDER BY "films_1"."title"
    ) AS "actors_films_1"
  ) AS "films"
  FROM "public"."actors"
  ORDER BY "actors"."id"
) AS _ashlar_row;

-- what functions have set for the answer
