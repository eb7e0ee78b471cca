-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."title", (
    SELECT coalesce(json_agg("films_awards_1".*), '[]') AS "films_awards_1"
    FROM (
      SELECT "awards_1"."name"
      FROM "public"."awards" AS "awards_1"
      WHERE "awards_1"."film_id" = "films"."id"
      ORDER BY "awards_1"."id"
    ) AS "films_awards_1"
  ) AS "awards"
  FROM "public"."films"
  WHERE EXISTS (
    SELECT 1
    FROM "public"."awards" AS "awards_1"
    WHERE "awards_1"."film_id" = "films"."id"
  )
  ORDER BY "films"."id"
) AS _ashlar_row;

-- what functions have set for the answer
