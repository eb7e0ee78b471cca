-- set search_path = '"public", "public", "extensions"'; role = 'anon'

DELETE
FROM "public"."awards"
WHERE "awards"."year" < $1;
-- $1 = '2000'

-- what functions have set for the answer
