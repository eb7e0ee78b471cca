-- set transaction_read_only = 'on'; timezone = 'America/Los_Angeles'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "screenings"."id", "screenings"."starts_at"
  FROM "public"."screenings"
  WHERE "screenings"."id" = $1
) AS _ashlar_row;
-- $1 = '1'

-- what functions have set for the answer
