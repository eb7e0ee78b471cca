-- set search_path = '"public", "public", "extensions"'; role = 'anon'

DELETE
FROM "public"."awards"
WHERE "awards"."year" < $1;
-- $1 = '2000'

SELECT nullif(current_setting('response.headers', true), ''), nullif(current_setting('response.status', true), ''), nullif(current_setting('ashlar.inserted', true), '');
