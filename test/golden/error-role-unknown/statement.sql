-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'nobody_at_all'

SELECT nullif(current_setting('response.headers', true), ''), nullif(current_setting('response.status', true), ''), nullif(current_setting('ashlar.inserted', true), '');
