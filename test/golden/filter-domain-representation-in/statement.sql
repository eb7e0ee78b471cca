-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT nullif(current_setting('response.headers', true), ''), nullif(current_setting('response.status', true), ''), nullif(current_setting('ashlar.inserted', true), '');

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

SELECT nullif(current_setting('response.headers', true), ''), nullif(current_setting('response.status', true), ''), nullif(current_setting('ashlar.inserted', true), '');
