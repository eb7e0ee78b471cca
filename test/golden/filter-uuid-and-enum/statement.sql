-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "paints"."id", "paints"."finish"
  FROM "public"."paints"
  WHERE "paints"."finish" = $1 AND "paints"."batch" = $2
) AS _ashlar_row;
-- $1 = 'matt'
-- $2 = '6f1d3a52-0000-4000-8000-000000000001'

-- what functions have set for the answer
