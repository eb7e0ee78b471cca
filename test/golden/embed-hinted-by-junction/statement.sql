-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."title", (
    SELECT coalesce(json_agg("films_actors_1".*), '[]') AS "films_actors_1"
    FROM (
      SELECT "actors_1"."name"
      FROM "public"."actors" AS "actors_1", "public"."roles" AS "actors_1_via"
      WHERE "actors_1"."id" = "actors_1_via"."actor_id" AND "films"."id" = "actors_1_via"."film_id"
    ) AS "films_actors_1"
  ) AS "actors"
  FROM "public"."films"
  WHERE "films"."id" = $1
) AS _ashlar_row;
-- $1 = '4'

-- what functions have set for the answer
