-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "odd ""name"", 100%"."a b", "odd ""name"", 100%"."c,d", "odd ""name"", 100%"."über(x)"
  FROM "public"."odd ""name"", 100%"
  WHERE "odd ""name"", 100%"."c,d" = $1
) AS _ashlar_row;
-- $1 = 'comma'

-- what functions have set for the answer
