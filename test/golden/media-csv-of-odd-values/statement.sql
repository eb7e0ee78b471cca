-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT replace(substring((_ashlar_row.*)::text, 2, length((_ashlar_row.*)::text) - 2), E'\\\\', E'\\'), CASE WHEN row_number() OVER () = 1 THEN (
  SELECT string_agg(CASE WHEN k ~ E'[",\r\n]' THEN '"' || replace(k, '"', '""') || '"' ELSE k END, ',')
  FROM json_object_keys(row_to_json(_ashlar_row.*)) AS k
) END
FROM (
  SELECT "odd ""name"", 100%"."e.f", "odd ""name"", 100%"."g""h", "odd ""name"", 100%"."a b", "odd ""name"", 100%"."c,d", "odd ""name"", 100%"."i->j"
  FROM "public"."odd ""name"", 100%"
  ORDER BY "odd ""name"", 100%"."select"
) AS _ashlar_row;

-- what functions have set for the answer
