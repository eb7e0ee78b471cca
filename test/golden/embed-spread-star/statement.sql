-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "technical_specs"."camera", "technical_specs_films_1".*
  FROM "public"."technical_specs"
  LEFT JOIN LATERAL (
    SELECT "films_1".*
    FROM "public"."films" AS "films_1"
    WHERE "films_1"."id" = "technical_specs"."film_id"
  ) AS "technical_specs_films_1" ON TRUE
  WHERE "technical_specs"."film_id" = $1
) AS _ashlar_row;
-- $1 = '5'

-- what functions have set for the answer
