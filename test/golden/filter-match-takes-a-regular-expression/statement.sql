-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."title"
  FROM "public"."films"
  WHERE "films"."title" ~ $1
  ORDER BY "films"."title"
) AS _ashlar_row;
-- $1 = '^[SV]'

-- what functions have set for the answer
