-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "screenings"."id", "screenings"."seats"
  FROM "public"."screenings"
  WHERE ("screenings"."seats" << $1 OR "screenings"."seats" -|- $2)
  ORDER BY "screenings"."id"
) AS _ashlar_row;
-- $1 = '[151,301)'
-- $2 = '[301,400)'

-- what functions have set for the answer
