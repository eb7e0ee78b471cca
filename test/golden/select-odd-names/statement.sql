-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "odd ""name"", 100%"."g""h", "odd ""name"", 100%"."i->j", "odd ""name"", 100%"."e.f", "odd ""name"", 100%"."select" AS "n"
  FROM "public"."odd ""name"", 100%"
  ORDER BY "odd ""name"", 100%"."select"
) AS _ashlar_row;

-- what functions have set for the answer
