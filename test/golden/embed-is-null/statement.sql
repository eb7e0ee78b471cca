-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."title"
  FROM "public"."films"
  WHERE NOT EXISTS (
    SELECT 1
    FROM "public"."awards" AS "awards_1"
    WHERE "awards_1"."film_id" = "films"."id"
  )
  ORDER BY "films"."id"
) AS _ashlar_row;

-- what functions have set for the answer
