"""Serves the dashboard page with a made-up day, for working on the page without the service.

Standard library only. Vans move along their routes; `--no-plan` shows the empty state.
The policy header is the strict one that the service sends.
"""

import argparse
import base64
import hashlib
import json
import math
import mimetypes
import random
import struct
import threading
import time
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

DIST = Path(__file__).resolve().parent.parent / "dist"
POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self' blob:; style-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
CENTER = (52.52, 13.40)
DATE = "2026-03-03"
SIX = datetime(2026, 3, 3, 5, 0, tzinfo=timezone.utc)
SPEED = 60


def text(instant):
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def place(north_km, east_km):
    shrink = math.cos(math.radians(CENTER[0]))
    return {"lat": CENTER[0] + north_km / 111.195, "lon": CENTER[1] + east_km / (111.195 * shrink)}


def make_plan():
    rng = random.Random(1)
    depots = [{"id": "depot-north", "place": place(6.5, -3)}, {"id": "depot-south", "place": place(-6, 4.5)}]
    stops, routes, vehicles = [], [], []
    for v in range(9):
        depot, now = depots[v % 2]["id"], SIX + timedelta(minutes=5 * v)
        name = f"van-{v + 1:02}"
        vehicles.append({"id": name, "profile": "van", "start_depot": depot, "end_depot": depot})
        visits, departure = [], now
        for i in range(14):
            angle = 0.698 * v + rng.uniform(0, 0.5)
            reach = 1.5 + 7 * (1 - abs(2 * i / 14 - 1))
            stop = {
                "id": f"s-{len(stops) + 1:03}", "site_id": f"site-{len(stops) + 1:03}",
                "place": place(reach * math.sin(angle), reach * math.cos(angle)),
                "quantities": {"kg": round(rng.uniform(12, 70), 1)}, "service_s": 480,
                "windows": [{"start": text(now), "end": text(now + timedelta(minutes=90))}],
                "skills": [], "penalty": 120.0, "origin": "ordered",
            }
            stops.append(stop)
            arrival = now + timedelta(minutes=14)
            now = arrival + timedelta(minutes=8)
            visits.append({
                "stop_id": stop["id"], "arrival_p50": text(arrival), "arrival": text(arrival),
                "arrival_p90": text(arrival + timedelta(minutes=i)), "service_start": text(arrival),
                "departure": text(now), "waiting_s": 0, "late_probability": 0.02 * i,
                "load_after": {}, "leg_distance_m": 3000, "leg_driving_s": 840,
            })
        routes.append({
            "vehicle_id": name, "departure": text(departure), "end": text(now + timedelta(minutes=15)),
            "load": {"kg": 600}, "visits": visits, "distance_m": 45_000, "driving_s": 12_600,
            "waiting_s": 0, "service_s": 6_720,
            "cost": {"fixed": 60, "distance": 20, "duration": 130, "unplanned": 0},
        })
    out = {**stops[0], "id": "s-900", "site_id": "site-900", "place": place(-7, 8.5)}
    unplanned = [{"stop_id": "s-900", "reason": "fleet_full", "explanation": "all vehicles are full", "nearest_vehicle_id": "van-03"}]
    return {
        "schema": "routeforce.plan/1", "id": "01928d6f-5cc7-7e53-92b4-3a5d6a1c9f10", "date": DATE,
        "time_zone": "Europe/Berlin", "created_at": text(SIX), "code_version": "0.1.0",
        "basis": "predicted", "models": [], "costs_sha256": "0", "search": {},
        "fleet": {"depots": depots, "vehicles": vehicles}, "stops": stops + [out], "routes": routes,
        "unplanned": unplanned, "cost": {"fixed": 540, "distance": 180, "duration": 1170, "unplanned": 120},
    }


def make_roads():
    features = []
    for k in range(-12, 13):
        def bend(t, k=k):
            return k + 0.25 * math.sin(t / 2 + k)
        for points in (
            [place(bend(t / 2), t / 2) for t in range(-24, 25)],
            [place(t / 2, bend(t / 2)) for t in range(-24, 25)],
        ):
            line = [[p["lon"], p["lat"]] for p in points]
            features.append({"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": line}})
    return {"type": "FeatureCollection", "features": features}


PLAN, ROADS = make_plan(), make_roads()
STARTED = time.time()
ALERT = {
    "id": "00000000-0000-0000-0000-000000000007", "kind": "late_risk", "severity": "critical",
    "owner": "dispatcher", "subject": "van-02", "detected_at": text(SIX), "since": text(SIX),
    "what": "4 stops of van-02 are likely to be late by 12 to 25 minutes",
    "cause": "11 of 14 legs in the south-east took longer than their p90",
    "consequence": "Customers of s-025 to s-028 wait", "remedy": "Serve s-024 after s-027",
    "p_value": 0.0004, "acknowledged_at": None, "acknowledged_by": None,
}
REPORTS = [
    {"date": DATE, "name": name, "media_type": "", "size_bytes": size, "sha256": "", "url": f"/api/v1/reports/{DATE}/{name}"}
    for name, size in (("report.html", 812_000), ("report.xlsx", 48_210), ("stops.csv", 21_400))
]


def replayed_now():
    return SIX + timedelta(seconds=7200 + SPEED * (time.time() - STARTED))


def positions():
    now, stops = replayed_now(), {s["id"]: s for s in PLAN["stops"]}
    depots = {d["id"]: d for d in PLAN["fleet"]["depots"]}
    for route, vehicle in zip(PLAN["routes"], PLAN["fleet"]["vehicles"]):
        at, left = depots[vehicle["start_depot"]]["place"], datetime.fromisoformat(route["departure"])
        for visit in route["visits"]:
            arrival = datetime.fromisoformat(visit["arrival"])
            to = stops[visit["stop_id"]]["place"]
            if now < arrival:
                share = max(0.0, min(1.0, (now - left) / (arrival - left)))
                at = {k: at[k] + share * (to[k] - at[k]) for k in at}
                break
            at, left = to, datetime.fromisoformat(visit["departure"])
        yield {"vehicle_id": route["vehicle_id"], "ts": text(now), **at, "speed_kmh": 30.0, "heading_deg": 0.0}


def record():
    routes = [
        {"vehicle_id": r["vehicle_id"], "departure": r["departure"], "end": r["end"], "events": [
            {"stop_id": v["stop_id"], "arrived_at": v["arrival"], "service_started_at": v["arrival"],
             "departed_at": v["departure"], "late_s": 300 if i == 5 else 0, "delivered": {}, "outcome": "served"}
            for i, v in enumerate(r["visits"])]}
        for r in PLAN["routes"]
    ]
    return {"schema": "routeforce.day-record/1", "plan_id": PLAN["id"], "date": DATE, "routes": routes, "positions": []}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    has_plan = True

    def do_GET(self):
        path = self.path.split("?")[0]
        items = lambda values: {"items": values, "next_cursor": None}
        plan = self.has_plan
        answers = {
            "/api/v1/plans/latest": PLAN if plan else None,
            "/api/v1/roads": ROADS if plan else None,
            f"/api/v1/days/{DATE}": record() if plan else None,
            "/api/v1/vehicles": items([{"vehicle_id": p["vehicle_id"], "position": p} for p in positions()] if plan else []),
            "/api/v1/alerts": items([ALERT] if plan else []),
            "/api/v1/reports": items(REPORTS if plan else []),
        }
        if path == "/api/v1/live":
            self.live()
        elif path in answers and answers[path] is not None:
            self.send(200, "application/json", json.dumps(answers[path]).encode())
        elif path.startswith("/api/"):
            self.send(404, "application/problem+json", b'{"title":"Not found","status":404}')
        else:
            file = (DIST / (path.lstrip("/") or "index.html")).resolve()
            if DIST in file.parents and file.is_file():
                kind = "text/javascript" if file.suffix in (".js", ".mjs") else mimetypes.guess_type(file.name)[0]
                self.send(200, kind or "application/octet-stream", file.read_bytes())
            else:
                self.send(404, "application/problem+json", b'{"title":"Not found","status":404}')

    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        ALERT.update(acknowledged_at=text(SIX), acknowledged_by="dispatcher")
        self.send(200, "application/json", json.dumps(ALERT).encode())

    def send(self, status, kind, body):
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.send_header("content-security-policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def live(self):
        key = self.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        self.send_response(101)
        self.send_header("upgrade", "websocket")
        self.send_header("connection", "Upgrade")
        self.send_header("sec-websocket-accept", base64.b64encode(hashlib.sha1(key.encode()).digest()).decode())
        self.end_headers()
        self.close_connection = True
        replay = {"speed": float(SPEED), "date": DATE} if self.has_plan else None
        try:
            self.frame({"type": "hello", "version": "0.1.0", "now": text(replayed_now()), "replay": replay})
            while self.has_plan:
                self.frame({"type": "clock", "now": text(replayed_now())})
                for position in positions():
                    self.frame({"type": "position", "position": position})
                time.sleep(1)
            threading.Event().wait()
        except OSError:
            pass

    def frame(self, message):
        body = json.dumps(message).encode()
        head = b"\x81" + (bytes([len(body)]) if len(body) < 126 else b"\x7e" + struct.pack(">H", len(body)))
        self.wfile.write(head + body)
        self.wfile.flush()

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8099)
    parser.add_argument("--no-plan", action="store_true")
    arguments = parser.parse_args()
    Handler.has_plan = not arguments.no_plan
    server = ThreadingHTTPServer(("127.0.0.1", arguments.port), Handler)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
