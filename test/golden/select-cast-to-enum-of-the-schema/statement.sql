-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "paints"."id", CAST("paints"."finish" AS "pg_catalog"."text"), CAST("paints"."finish" AS "public"."finish") AS "same"
  FROM "public"."paints"
  WHERE "paints"."id" = $1
) AS _ashlar_row;
-- $1 = '2'

-- what functions have set for the answer
