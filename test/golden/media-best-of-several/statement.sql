-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT replace(substring((_ashlar_row.*)::text, 2, length((_ashlar_row.*)::text) - 2), E'\\\\', E'\\'), CASE WHEN row_number() OVER () = 1 THEN (
  SELECT string_agg(CASE WHEN k ~ E'[",\r\n]' THEN '"' || replace(k, '"', '""') || '"' ELSE k END, ',')
  FROM json_object_keys(row_to_json(_ashlar_row.*)) AS k
) END
FROM (
  SELECT "directors"."id"
  FROM "public"."directors"
  WHERE "directors"."id" = $1
) AS _ashlar_row;
-- $1 = '1'

-- what functions have set for the answer
