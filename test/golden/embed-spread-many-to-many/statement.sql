-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT nullif(current_setting('response.headers', true), ''), nullif(current_setting('response.status', true), ''), nullif(current_setting('ashlar.inserted', true), '');

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

SELECT nullif(current_setting('response.headers', true), ''), nullif(current_setting('response.status', true), ''), nullif(current_setting('ashlar.inserted', true), '');
