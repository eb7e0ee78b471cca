-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "box_office".*
  FROM "public"."box_office"
  WHERE "box_office"."day" >= $1
  ORDER BY "box_office"."day", "box_office"."film_id"
) AS _ashlar_row;
-- $1 = '2024-01-01'

-- what functions have set for the answer
