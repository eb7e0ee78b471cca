-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "odd ""name"", 100%"."select"
  FROM "public"."odd ""name"", 100%"
  WHERE ("odd ""name"", 100%"."g""h" = ANY ($1) OR "odd ""name"", 100%"."i->j" = ANY ($2))
) AS _ashlar_row;
-- $1 = '{"q\"t"}'
-- $2 = '{"b\\s"}'

-- what functions have set for the answer
