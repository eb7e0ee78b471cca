-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  INSERT INTO "public"."paints" ("finish", "id", "shade")
  SELECT pgrst_body."finish", pgrst_body."id", pgrst_body."shade"
  FROM (
    SELECT _."finish", _."id", "public"."color"(_."shade") AS "shade"
    FROM json_to_record($1) AS _("finish" public.finish, "id" integer, "shade" json)
  ) AS pgrst_body
  RETURNING "paints"."id", "paints"."shade", "paints"."finish", "paints"."batch"
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "paints"."id", "public"."show_color"("paints"."shade") AS "shade", "paints"."finish", "paints"."batch"
  FROM pgrst_source AS "paints"
) AS _ashlar_row;
-- $1 = '{"id": 9, "shade": "#00FF00", "finish": "gloss"}'

-- what functions have set for the answer
