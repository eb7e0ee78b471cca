-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "premieres"."place", row_to_json("premieres_film_1".*) AS "film"
  FROM "public"."premieres"
  LEFT JOIN LATERAL (
    SELECT "films_1"."title", "films_1"."details"
    FROM "public"."film"(("premieres".*)::"public"."premieres") AS "films_1"
  ) AS "premieres_film_1" ON TRUE
  ORDER BY to_jsonb("premieres_film_1"."details")->$1 DESC
) AS _ashlar_row;
-- $1 = 'runtime'

-- what functions have set for the answer
