-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."id", "films"."restored"
  FROM "public"."films"
  WHERE NOT ("films"."restored" IS FALSE) AND ("films"."restored" IS TRUE OR "films"."restored" IS UNKNOWN)
  ORDER BY "films"."id"
) AS _ashlar_row;

-- what functions have set for the answer
