-- SPDX-License-Identifier: MIT

-- Written by tests/schema from the migrations; not run by anything. Change a migration, then run it again.

create role crisiscover_api login;
alter role crisiscover_api set search_path = 'crisiscover';
alter role crisiscover_api set TimeZone = 'UTC';
alter role crisiscover_api set idle_in_transaction_session_timeout = '10s';
alter role crisiscover_api set lock_timeout = '2s';
alter role crisiscover_api set jit = 'off';
create role crisiscover_coverage login;
alter role crisiscover_coverage set search_path = 'crisiscover';
alter role crisiscover_coverage set TimeZone = 'UTC';
alter role crisiscover_coverage set idle_in_transaction_session_timeout = '10s';
alter role crisiscover_coverage set lock_timeout = '2s';
alter role crisiscover_coverage set jit = 'off';
create role crisiscover_feeds login;
alter role crisiscover_feeds set search_path = 'crisiscover';
alter role crisiscover_feeds set TimeZone = 'UTC';
alter role crisiscover_feeds set idle_in_transaction_session_timeout = '10s';
alter role crisiscover_feeds set lock_timeout = '2s';
alter role crisiscover_feeds set jit = 'off';
create role crisiscover_flags login;
alter role crisiscover_flags set search_path = 'crisiscover';
alter role crisiscover_flags set TimeZone = 'UTC';
alter role crisiscover_flags set idle_in_transaction_session_timeout = '10s';
alter role crisiscover_flags set lock_timeout = '2s';
alter role crisiscover_flags set jit = 'off';
create role crisiscover_notify login;
alter role crisiscover_notify set search_path = 'crisiscover';
alter role crisiscover_notify set TimeZone = 'UTC';
alter role crisiscover_notify set idle_in_transaction_session_timeout = '10s';
alter role crisiscover_notify set lock_timeout = '2s';
alter role crisiscover_notify set jit = 'off';
create role crisiscover_report login;
alter role crisiscover_report set search_path = 'report';
alter role crisiscover_report set TimeZone = 'UTC';
alter role crisiscover_report set default_transaction_read_only = 'on';
alter role crisiscover_report set statement_timeout = '5min';
alter role crisiscover_report set lock_timeout = '2s';
alter role crisiscover_report set idle_in_transaction_session_timeout = '1min';
grant usage on schema crisiscover to crisiscover_api;
grant usage on schema crisiscover to crisiscover_coverage;
grant usage on schema crisiscover to crisiscover_feeds;
grant usage on schema crisiscover to crisiscover_flags;
grant usage on schema crisiscover to crisiscover_notify;
grant usage on schema report to crisiscover_api;
grant usage on schema report to crisiscover_report;
