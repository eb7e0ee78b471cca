-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."title", (
    SELECT row_to_json("films_technical_specs_1".*)
    FROM (
      SELECT "technical_specs_1"."camera"
      FROM "public"."technical_specs" AS "technical_specs_1"
      WHERE "technical_specs_1"."film_id" = "films"."id"
    ) AS "films_technical_specs_1"
  ) AS "technical_specs"
  FROM "public"."films"
  ORDER BY "films"."id"
  LIMIT 3
) AS _ashlar_row;

-- what functions have set for the answer
