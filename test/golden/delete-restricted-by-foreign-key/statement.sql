-- set search_path = '"public", "public", "extensions"'; role = 'anon'

DELETE
FROM "public"."films"
WHERE "films"."id" = $1;
-- $1 = '3'

-- what functions have set for the answer
