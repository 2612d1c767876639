# SPDX-License-Identifier: MIT
"""A testbed with a region in it: its feeds published, its set-up applied, and ways to ask its map about many places at once."""

import http.client
import json
import subprocess
import time

from region_maker import output
from region_maker.clock import text_of
from servers import identity, slowness, wait_until

from . import compare

WAIT_SECONDS = 60


class Stage:
    def __init__(self, testbed, region, known):
        self.testbed, self.region, self.known = testbed, region, known
        self.connection = None

    # ------------------------------------------------------------------------------------------------------------- setting up

    def address(self, name):
        return self.testbed.publisher.url(name)

    def publish(self, rota, body=None):
        body = output.bytes_of(self.region, rota) if body is None else body
        if rota.by_url:
            self.testbed.publisher.publish(rota.published, body)
        else:
            self.testbed.write(f"feeds/{output.feed_name(rota)}", body)

    def publish_all(self):
        for rota in self.region.rotas.values():
            self.publish(rota)

    def apply(self, seconds=600):
        """Applies the region as its owner would: with crisiscover apply, and the files beside it."""
        path = self.testbed.write("region.json", json.dumps(output.region_json(self.region, self.address)))
        done = subprocess.run([str(self.testbed.release.client), "apply", str(path), "--alone", "as the story goes"], cwd=self.testbed.folder, env=self.testbed.environment,
                              capture_output=True, text=True, timeout=seconds, check=False, **identity())
        if done.returncode != 0:
            said = [line for line in done.stderr.splitlines() if line.startswith("crisiscover:")]
            raise AssertionError(f"apply ended with {done.returncode}: {said[-5:]}\n{done.stdout[-500:]}{done.stderr[-1000:]}")

    def start(self, seconds=WAIT_SECONDS):
        self.publish_all()
        began = time.monotonic()
        self.apply()
        self.send()
        self.wait_read(seconds)
        self.testbed.wait_ready(seconds)
        return time.monotonic() - began

    def send(self):
        """Files that several rotas read, each sent once."""
        for sheet in {rota.sheet.name: rota.sheet for rota in self.region.rotas.values() if rota.sheet and rota.sheet.once}.values():
            self.send_sheet(sheet)

    def send_sheet(self, sheet, check=True):
        first, *others = sheet.rotas
        return self.testbed.crisiscover("import", first, f"feeds/{output.feed_name(self.region.rotas[first])}", "--also", ",".join(others),
                                        "--confirm", "--reason", "as it was agreed", check=check)

    def wait_read(self, seconds=WAIT_SECONDS):
        def read():
            waiting = [feed["rota"] for feed in self.sources() if feed["state"] == "never"]
            return not waiting
        wait_until(read, seconds, "every feed was read")
        bad = [feed for feed in self.sources() if feed["state"] not in ("good",)]
        assert not bad, f"feeds that should be good: {bad[:3]}"

    def put_rotation(self, tally, rota, start, layers):
        """Puts ${layers} in force from ${start} on, or ends the rotation. What is previewed for a year is what the naive calendar says."""
        path = f"/v1/rotas/{rota.id}/rotation"
        kept = self.testbed.get(path)
        tag = {"If-Match": kept.headers["ETag"]} if kept.json["editions"] else {}
        if layers is None:
            answer = self.testbed.request("DELETE", f"{path}?from={start}", headers=tag, seconds=60)
            assert answer.status == 200, answer
            return
        wish = {"from": start, "layers": layers}
        preview = self.testbed.request("PUT", f"{path}?dry_run=1", wish, headers=tag, seconds=60)
        assert preview.status == 200, (rota.id, wish, preview)
        self.compare_preview(tally, rota, preview.json["shifts"])
        answer = self.testbed.request("PUT", path, wish, headers=tag, seconds=60)
        assert answer.status == 200, (rota.id, answer)

    def compare_preview(self, tally, rota, shifts):
        first, last = rota.editions[-1][0], rota.editions[-1][0] + 350 * 1440
        says = {(compare.seconds(one["from"]) // 60, compare.seconds(one["until"]) // 60, one["person"]) for one in shifts}
        true = {(start, end, who) for start, end, _, who in rota.facts()}
        differ = sorted(one for one in says ^ true if first <= one[0] < last)
        tally.samples += 1
        if differ:
            tally.wrong_samples += 1
            tally.tell(f"the preview of {rota.id}: {len(differ)} shifts differ, the first is {differ[0]}")

    # ----------------------------------------------------------------------------------------------------------------- asking

    def ask(self, path):
        """GET on one connection that stays."""
        headers = {"Host": f"127.0.0.1:{self.testbed.port}", "Authorization": f"Bearer {self.testbed.token}"}
        for attempt in (1, 2):
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection("127.0.0.1", self.testbed.port, timeout=60)
                self.connection.request("GET", path, headers=headers)
                response = self.connection.getresponse()
                body = response.read()
                assert response.status == 200, f"{path}: {response.status} {body[:400]!r}"
                return json.loads(body)
            except (http.client.HTTPException, OSError):
                self.connection = None
                if attempt == 2:
                    raise
        raise AssertionError("unreachable")

    def feeds(self):
        found, cursor = [], ""
        while True:
            answer = self.ask(f"/v1/feeds?limit=500{cursor}")
            found += answer["feeds"]
            if not answer.get("next_cursor"):
                return found
            cursor = f"&cursor={answer['next_cursor']}"

    def sources(self):
        """Without rotas that are typed in: nothing of them is read."""
        return [feed for feed in self.feeds() if feed["kind"] != "typed"]

    def feed(self, rota):
        return self.testbed.feed(rota) if len(self.region.rotas) < 50 else next(feed for feed in self.feeds() if feed["rota"] == rota)

    def flags(self, after="0-0"):
        """Every flag after that one, and the newest id."""
        found = []
        while True:
            answer = self.ask(f"/v1/flags?after={after}&limit=500")
            if not answer["flags"]:
                return found, after
            found += answer["flags"]
            after = answer["flags"][-1]["id"]

    def coverage(self, place, window):
        """By requirement: the map's spans over a window of minutes, asked for at most 92 days at a time."""
        found, start = {}, window[0]
        while start < window[1]:
            end = min(window[1], start + 92 * 1440)
            answer = self.ask(f"/v1/coverage?place={place}&within=false&from={text_of(start)}&to={text_of(end)}")
            for each in answer["requirements"]:
                found.setdefault(each["id"], []).extend(compare.answered(each["spans"]))
            start = end
        return found

    # -------------------------------------------------------------------------------------------------------------- comparing

    def compare(self, demands):
        """The tally of ${demands} (place, requirement) against the map as it is now."""
        tally, by_place = compare.Tally(), {}
        for place, requirement in demands:
            for window, spans in self.known.spans(place, requirement):
                by_place.setdefault((place, window), []).append((requirement, spans))
        for (place, window), wanted in by_place.items():
            answer = self.coverage(place, window)
            for requirement, spans in wanted:
                compare.demand(tally, self.region, f"{requirement} at {place}", window, spans, answer.get(requirement, []))
        return tally

    def settle(self, demands, seconds=30):
        """Compares until nothing differs, or for so long: the last tally."""
        began = time.monotonic()
        while True:
            tally = self.compare(demands)
            if not tally.differs or time.monotonic() > began + seconds * slowness():
                return tally
            time.sleep(0.2)
