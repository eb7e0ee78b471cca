-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."title", row_to_json("films_directors_1".*) AS "directors"
  FROM "public"."films"
  LEFT JOIN LATERAL (
    SELECT "directors_1"."name", "directors_1"."born"
    FROM "public"."directors" AS "directors_1"
    WHERE "directors_1"."id" = "films"."director_id"
  ) AS "films_directors_1" ON TRUE
  ORDER BY "films_directors_1"."born" DESC NULLS LAST, "films"."id"
) AS _ashlar_row;

-- what functions have set for the answer
