-- SPDX-License-Identifier: MIT

-- The demo's documents. Its protocols, once: invented links, of which one should have been reviewed three weeks ago. The API takes no review day that is over, so this one
-- is put here.

set search_path = crisiscover;

-- One navigator is closed tonight, once: until nine tomorrow morning, by the clocks of London.
select navigator_close('harbour-cafe', ((clock_timestamp() at time zone 'Europe/London')::date + 1 + time '09:00') at time zone 'Europe/London', 'link/demo')
where not exists (select from navigator_closing);

-- The risk of a requirement whose post is empty is accepted by both who commission it, once.
select risk_accept(p.risk, 'commissioner-zab', '{ZAB}')
from (select 1 where not exists (select from risk)) first,
  lateral risk_propose('R17-zed01', 'ZED01', 'The post is empty until the new contract', clock_timestamp() + interval '60 days', 'commissioner-zi1',
                       '{ZI1}', '{ZI1,ZAB}') p;

do $$
begin
  if exists (select from protocol) then
    return;
  end if;
  perform protocol_put(null, null, jsonb_build_object('place', p.place, 'function', p.function, 'name', p.name, 'version', p.version,
                                                      'owner', 'commissioner-zi1', 'review', current_date + p.days, 'url', p.url),
                       null, 'commissioner-zi1', 10, array['commissioner-zi1'], 0)
  from (values
    ('X54000001', 'amhp', 'Asking for a Mental Health Act assessment', '3.1', 240, 'https://intranet.example/mha-assessment'),
    ('X06000002', 'amhp', 'AMHP at night: what the hub needs to know', '2024-2', -21, 'https://intranet.example/amhp-at-night'),
    ('ZED01', 'liaison', 'Liaison psychiatry: how to refer', '7', 90, 'https://intranet.example/liaison')) p (place, function, name, version, days, url);
end $$;
