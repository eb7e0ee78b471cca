-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "film_cards"."title", row_to_json("film_cards_directors_1".*) AS "directors", (
    SELECT coalesce(json_agg("film_cards_roles_1".*), '[]') AS "film_cards_roles_1"
    FROM (
      SELECT "roles_1"."character"
      FROM "public"."roles" AS "roles_1"
      WHERE "roles_1"."film_id" = "film_cards"."id"
      ORDER BY "roles_1"."actor_id"
    ) AS "film_cards_roles_1"
  ) AS "roles"
  FROM "public"."film_cards"
  LEFT JOIN LATERAL (
    SELECT "directors_1"."name"
    FROM "public"."directors" AS "directors_1"
    WHERE "directors_1"."id" = "film_cards"."director_id"
  ) AS "film_cards_directors_1" ON TRUE
  WHERE "film_cards"."id" = $1
) AS _ashlar_row;
-- $1 = '3'

-- what functions have set for the answer
