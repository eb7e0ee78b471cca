-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "technical_specs".*, row_to_json("technical_specs_films_1".*) AS "films"
  FROM "public"."technical_specs"
  LEFT JOIN LATERAL (
    SELECT "films_1".*, row_to_json("films_directors_2".*) AS "directors"
    FROM "public"."films" AS "films_1"
    LEFT JOIN LATERAL (
      SELECT "directors_2".*
      FROM "public"."directors" AS "directors_2"
      WHERE "directors_2"."id" = "films_1"."director_id"
    ) AS "films_directors_2" ON TRUE
    WHERE "films_1"."id" = "technical_specs"."film_id"
  ) AS "technical_specs_films_1" ON TRUE
  WHERE "technical_specs"."film_id" = $1
) AS _ashlar_row;
-- $1 = '3'

-- what functions have set for the answer
