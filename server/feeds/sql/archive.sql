-- SPDX-License-Identifier: MIT

-- When the archive last took a segment of the write-ahead log, counted from the start of the database where it has taken none yet.
--
-- gives
--   archived_at  timestamptz  null: nothing is archived
prepare feeds_archive as
select case when current_setting('archive_mode') <> 'off'
            then greatest(last_archived_time, pg_postmaster_start_time()) end as archived_at
from pg_catalog.pg_stat_archiver;
