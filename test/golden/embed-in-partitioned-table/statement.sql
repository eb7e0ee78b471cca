-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "box_office"."day", "box_office"."gross", row_to_json("box_office_films_1".*) AS "films"
  FROM "public"."box_office"
  LEFT JOIN LATERAL (
    SELECT "films_1"."title"
    FROM "public"."films" AS "films_1"
    WHERE "films_1"."id" = "box_office"."film_id"
  ) AS "box_office_films_1" ON TRUE
  WHERE "box_office"."gross" >= $1
  ORDER BY "box_office"."day"
) AS _ashlar_row;
-- $1 = '1000'

-- what functions have set for the answer
