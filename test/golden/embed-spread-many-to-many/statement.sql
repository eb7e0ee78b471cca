-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."title", "films_actors_1"."actors"
  FROM "public"."films"
  LEFT JOIN LATERAL (
    SELECT coalesce(json_agg("films_actors_1"."actors" ORDER BY "films_actors_1"."films_actors_1_name_1"), '[]')::jsonb AS "actors"
    FROM (
      SELECT "actors_1"."name" AS "actors", "actors_1"."name" AS "films_actors_1_name_1"
      FROM "public"."actors" AS "actors_1", "public"."roles" AS "actors_1_via"
      WHERE "actors_1"."id" = "actors_1_via"."actor_id" AND "films"."id" = "actors_1_via"."film_id"
    ) AS "films_actors_1"
  ) AS "films_actors_1" ON TRUE
  WHERE "films"."id" = $1
) AS _ashlar_row;
-- $1 = '3'

-- what functions have set for the answer
