-- Every statement of the roles is short and is run again and again. PostgreSQL cannot know that the tables of one row hold one row until it has
-- looked, guesses thousands, and then compiles the statement that the api asks each second: 0.8 s of processor time to save microseconds.
-- So the roles' logins never compile, and the one-row tables are looked at now.

set local search_path = crisiscover;

do $$
declare login text;
begin
  foreach login in array array['crisiscover_api', 'crisiscover_feeds', 'crisiscover_coverage', 'crisiscover_flags'] loop
    execute format('alter role %I set jit = off', login);
  end loop;
end $$;

analyze map_head;
analyze flag_counter;
analyze account_head;
