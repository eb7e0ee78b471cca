-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "odd ""name"", 100%"."select"
  FROM "public"."odd ""name"", 100%"
  WHERE "odd ""name"", 100%"."e.f" = ANY ($1)
  ORDER BY "odd ""name"", 100%"."select"
) AS _ashlar_row;
-- $1 = '{"x,y","dot"}'

-- what functions have set for the answer
