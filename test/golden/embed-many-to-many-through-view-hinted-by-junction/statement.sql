-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "film_cards"."title", (
    SELECT coalesce(json_agg("film_cards_actors_1".*), '[]') AS "film_cards_actors_1"
    FROM (
      SELECT "actors_1"."name"
      FROM "public"."actors" AS "actors_1", "public"."roles" AS "actors_1_via"
      WHERE "actors_1"."id" = "actors_1_via"."actor_id" AND "film_cards"."id" = "actors_1_via"."film_id"
    ) AS "film_cards_actors_1"
  ) AS "actors"
  FROM "public"."film_cards"
  WHERE "film_cards"."id" = $1
) AS _ashlar_row;
-- $1 = '4'

-- what functions have set for the answer
