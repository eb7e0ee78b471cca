-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "directors"."name", "directors_films_1"."titles", "directors_films_1"."years"
  FROM "public"."directors"
  LEFT JOIN LATERAL (
    SELECT coalesce(json_agg("directors_films_1"."titles" ORDER BY "directors_films_1"."directors_films_1_year_1" DESC), '[]')::jsonb AS "titles", coalesce(json_agg("directors_films_1"."years" ORDER BY "directors_films_1"."directors_films_1_year_1" DESC), '[]')::jsonb AS "years"
    FROM (
      SELECT "films_1"."title" AS "titles", "films_1"."year" AS "years", "films_1"."year" AS "directors_films_1_year_1"
      FROM "public"."films" AS "films_1"
      WHERE "films_1"."director_id" = "directors"."id"
    ) AS "directors_films_1"
  ) AS "directors_films_1" ON TRUE
  WHERE "directors"."id" <= $1
  ORDER BY "directors"."id"
) AS _ashlar_row;
-- $1 = '2'

-- what functions have set for the answer
