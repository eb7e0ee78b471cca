-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "screenings"."id", "screenings"."open"
  FROM "public"."screenings"
  WHERE "screenings"."open" && $1
  ORDER BY "screenings"."id"
) AS _ashlar_row;
-- $1 = '[2024-05-07,2024-05-09)'

-- what functions have set for the answer
