-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "directors"."name", "directors_films_1"."titles", "directors_films_1"."cameras", "directors_films_1"."characters"
  FROM "public"."directors"
  LEFT JOIN LATERAL (
    SELECT coalesce(json_agg("directors_films_1"."titles" ORDER BY "directors_films_1"."directors_films_1_year_1"), '[]')::jsonb AS "titles", coalesce(json_agg("directors_films_1"."cameras" ORDER BY "directors_films_1"."directors_films_1_year_1"), '[]')::jsonb AS "cameras", coalesce(json_agg("directors_films_1"."characters" ORDER BY "directors_films_1"."directors_films_1_year_1"), '[]')::jsonb AS "characters"
    FROM (
      SELECT "films_1"."title" AS "titles", "films_1"."year" AS "directors_films_1_year_1", "films_technical_specs_2"."cameras", "films_roles_2"."characters"
      FROM "public"."films" AS "films_1"
      LEFT JOIN LATERAL (
        SELECT "technical_specs_2"."camera" AS "cameras"
        FROM "public"."technical_specs" AS "technical_specs_2"
        WHERE "technical_specs_2"."film_id" = "films_1"."id"
      ) AS "films_technical_specs_2" ON TRUE
      LEFT JOIN LATERAL (
        SELECT coalesce(json_agg("films_roles_2"."characters" ORDER BY "films_roles_2"."films_roles_2_character_1"), '[]')::jsonb AS "characters"
        FROM (
          SELECT "roles_2"."character" AS "characters", "roles_2"."character" AS "films_roles_2_character_1"
          FROM "public"."roles" AS "roles_2"
          WHERE "roles_2"."film_id" = "films_1"."id"
        ) AS "films_roles_2"
      ) AS "films_roles_2" ON TRUE
      WHERE "films_1"."director_id" = "directors"."id"
    ) AS "directors_films_1"
  ) AS "directors_films_1" ON TRUE
  WHERE "directors"."id" = $1
) AS _ashlar_row;
-- $1 = '2'

-- what functions have set for the answer
