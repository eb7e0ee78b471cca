-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."title", (
    SELECT coalesce(json_agg("films_premieres_1".*), '[]') AS "films_premieres_1"
    FROM (
      SELECT "premieres_1"."place", row_to_json("premieres_film_2".*) AS "film"
      FROM "public"."premieres"(("films".*)::"public"."films") AS "premieres_1"
      LEFT JOIN LATERAL (
        SELECT "films_2"."id"
        FROM "public"."film"(("premieres_1".*)::"public"."premieres") AS "films_2"
      ) AS "premieres_film_2" ON TRUE
    ) AS "films_premieres_1"
  ) AS "premieres"
  FROM "public"."films"
  WHERE "films"."id" = $1
) AS _ashlar_row;
-- $1 = '5'

-- what functions have set for the answer
