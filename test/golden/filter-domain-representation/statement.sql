-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "paints"."id", "public"."show_color"("paints"."shade") AS "shade"
  FROM "public"."paints"
  WHERE "paints"."shade" = "public"."color"($1)
) AS _ashlar_row;
-- $1 = '#0000FF'

-- what functions have set for the answer
