-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  INSERT INTO "public"."odd ""name"", 100%" ("a b", "c,d", "select")
  SELECT pgrst_body."a b", pgrst_body."c,d", pgrst_body."select"
  FROM (
    SELECT _."a b", _."c,d", _."select"
    FROM json_to_record($1) AS _("a b" text, "c,d" text, "select" integer)
  ) AS pgrst_body
  RETURNING "odd ""name"", 100%"."a b", "odd ""name"", 100%"."c,d", "odd ""name"", 100%"."select"
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "odd ""name"", 100%"."a b", "odd ""name"", 100%"."c,d"
  FROM pgrst_source AS "odd ""name"", 100%"
) AS _ashlar_row;
-- $1 = '{"select": 5, "a b": "x", "c,d": "y\"; drop table films; --"}'

-- what functions have set for the answer
