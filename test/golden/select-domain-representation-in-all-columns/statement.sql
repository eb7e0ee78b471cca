-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "paints"."id", "public"."show_color"("paints"."shade") AS "shade", "paints"."finish", "paints"."batch"
  FROM "public"."paints"
  ORDER BY "paints"."id"
) AS _ashlar_row;

-- what functions have set for the answer
