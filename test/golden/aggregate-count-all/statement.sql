-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT pg_catalog.count("films".*)
  FROM "public"."films"
) AS _ashlar_row;

-- what functions have set for the answer
