-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "award_winners"."title", "award_winners"."award", row_to_json("award_winners_films_1".*) AS "films", (
    SELECT coalesce(json_agg("award_winners_roles_1".*), '[]') AS "award_winners_roles_1"
    FROM (
      SELECT "roles_1"."character"
      FROM "public"."roles" AS "roles_1"
      WHERE "roles_1"."film_id" = "award_winners"."film_id"
      ORDER BY "roles_1"."character"
    ) AS "award_winners_roles_1"
  ) AS "roles", (
    SELECT coalesce(json_agg("award_winners_actors_1".*), '[]') AS "award_winners_actors_1"
    FROM (
      SELECT "actors_1"."name"
      FROM "public"."actors" AS "actors_1", "public"."roles" AS "actors_1_via"
      WHERE "actors_1"."id" = "actors_1_via"."actor_id" AND "award_winners"."film_id" = "actors_1_via"."film_id"
      ORDER BY "actors_1"."id"
    ) AS "award_winners_actors_1"
  ) AS "actors"
  FROM "public"."award_winners"
  LEFT JOIN LATERAL (
    SELECT "films_1"."year"
    FROM "public"."films" AS "films_1"
    WHERE "films_1"."id" = "award_winners"."awarded_film_id"
  ) AS "award_winners_films_1" ON TRUE
  WHERE "award_winners"."award_id" = $1
) AS _ashlar_row;
-- $1 = '1'

-- what functions have set for the answer
