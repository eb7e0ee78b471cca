-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "paints"."id"
  FROM "public"."paints"
  WHERE "paints"."shade" = ANY (ARRAY(
    SELECT "public"."color"(v)
    FROM unnest($1::text[]) AS v
  ))
  ORDER BY "paints"."id"
) AS _ashlar_row;
-- $1 = '{"#0000FF","#FF0000"}'

-- what functions have set for the answer
