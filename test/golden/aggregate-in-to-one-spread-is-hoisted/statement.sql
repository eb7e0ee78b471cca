-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."restored", min("films_directors_1"."min") AS "min"
  FROM "public"."films"
  LEFT JOIN LATERAL (
    SELECT "directors_1"."born" AS "min"
    FROM "public"."directors" AS "directors_1"
    WHERE "directors_1"."id" = "films"."director_id"
  ) AS "films_directors_1" ON TRUE
  GROUP BY 1
  ORDER BY "films"."restored"
) AS _ashlar_row;

-- what functions have set for the answer
