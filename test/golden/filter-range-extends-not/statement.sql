-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "screenings"."id"
  FROM "public"."screenings"
  WHERE "screenings"."seats" &< $1 AND "screenings"."seats" &> $2
  ORDER BY "screenings"."id"
) AS _ashlar_row;
-- $1 = '[101,151)'
-- $2 = '[1,50)'

-- what functions have set for the answer
