// The map: roads, routes, stops and moving vans. No tiles: everything drawn is the operator's own.

import * as maplibre from '../vendor/maplibre-gl/maplibre-gl.mjs';
import { clock, color, number, words } from './format.js';

const EMPTY = { type: 'FeatureCollection', features: [] };
/** Vans glide to their next position over this time, so that they do not jump. */
const GLIDE_MS = 900;
const VAN_ICON = 'M1 4h8v7H1zM9.5 6h3L15 8.6V11H9.5zM4 13.2a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4zm8 0a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4z';

/** The map in an element; `null` if the browser has no WebGL. */
export async function createMap(element) {
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  let map;
  try {
    map = new maplibre.Map({
      container: element,
      style: style(dark),
      center: [0, 20],
      zoom: 1,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
    });
  } catch {
    return null;
  }
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), 'top-right');
  map.addControl(new maplibre.ScaleControl({ unit: 'metric' }), 'bottom-right');
  // A style without tiles is there at once; `load` would wait for the first drawn frame.
  if (!map.isStyleLoaded()) await new Promise((resolve) => map.once('style.load', resolve));
  return new RouteMap(map);
}

function style(dark) {
  const source = () => ({ type: 'geojson', data: EMPTY });
  const muted = ['case', ['get', 'muted'], 0.12, 0.85];
  return {
    version: 8,
    sources: { roads: source(), routes: source(), stops: source() },
    layers: [
      { id: 'land', type: 'background', paint: { 'background-color': dark ? '#1a1f26' : '#eef1f4' } },
      {
        id: 'roads', type: 'line', source: 'roads',
        paint: {
          'line-color': dark ? '#39424d' : '#c9d0d8',
          'line-width': ['interpolate', ['linear'], ['zoom'], 8, 0.6, 12, 1.5, 15, 4],
        },
      },
      {
        id: 'routes', type: 'line', source: 'routes',
        layout: { 'line-join': 'round', 'line-cap': 'round' },
        paint: { 'line-color': ['get', 'color'], 'line-width': 2.5, 'line-opacity': muted },
      },
      {
        id: 'stops', type: 'circle', source: 'stops',
        filter: ['!=', ['get', 'state'], 'left out'],
        paint: {
          'circle-radius': ['interpolate', ['linear'], ['zoom'], 9, 3.5, 13, 6],
          'circle-color': ['match', ['get', 'state'],
            'done', ['get', 'color'], 'late', '#c82828', '#ffffff'],
          'circle-stroke-color': ['match', ['get', 'state'], 'late', '#c82828', ['get', 'color']],
          'circle-stroke-width': 2,
          'circle-opacity': muted,
          'circle-stroke-opacity': muted,
        },
      },
    ],
  };
}

class RouteMap {
  constructor(map) {
    this.map = map;
    this.vans = new Map();
    this.fixed = [];
    this.leftOut = [];
    this.routeOf = new Map();
    this.selected = null;
    map.on('click', 'stops', (event) => this.#showStop(event.features[0]));
    map.on('mouseenter', 'stops', () => { map.getCanvas().style.cursor = 'pointer'; });
    map.on('mouseleave', 'stops', () => { map.getCanvas().style.cursor = ''; });
  }

  setRoads(geojson) {
    this.map.getSource('roads').setData(geojson || EMPTY);
  }

  /** Draws a plan and moves the view to it. */
  setPlan(plan) {
    this.plan = plan;
    this.stops = new Map(plan.stops.map((stop) => [stop.id, stop]));
    this.routeOf = new Map();
    plan.routes.forEach((route, index) => {
      for (const visit of route.visits) this.routeOf.set(visit.stop_id, { route, index, visit });
    });
    for (const marker of [...this.fixed, ...this.leftOut]) marker.remove();
    this.fixed = plan.fleet.depots.flatMap((depot) => this.#depot(depot));
    this.leftOut = plan.unplanned.flatMap((entry) => this.#leftOut(entry));
    this.#drawRoutes();
    this.setProgress(new Map());
    this.fit(plan.stops.map((stop) => stop.place).concat(plan.fleet.depots.map((d) => d.place)));
  }

  /** Colours stops by what has happened to them. */
  setProgress(reached) {
    if (!this.plan) return;
    this.reached = reached;
    const features = this.plan.stops.map((stop) => {
      const place = this.routeOf.get(stop.id);
      const event = reached.get(stop.id);
      let state = 'to do';
      if (!place) state = 'left out';
      else if (event && event.late_s > 0) state = 'late';
      else if (event && event.departed) state = 'done';
      return {
        type: 'Feature',
        geometry: { type: 'Point', coordinates: [stop.place.lon, stop.place.lat] },
        properties: {
          id: stop.id,
          state,
          color: place ? color(place.index) : '#c82828',
          muted: this.selected !== null && place?.index !== this.selected,
        },
      };
    });
    // Most clock ticks change nothing, and tiling the stops anew is work.
    const key = features.map((f) => f.properties.state + f.properties.muted).join();
    if (key === this.drawn && this.drawnPlan === this.plan) return;
    this.drawn = key;
    this.drawnPlan = this.plan;
    this.map.getSource('stops').setData({ type: 'FeatureCollection', features });
  }

  /** Shows one route before the others, or all alike (`null`). */
  select(index) {
    this.selected = index;
    this.#drawRoutes();
    this.setProgress(this.reached || new Map());
    for (const [id, van] of this.vans) {
      const other = index !== null && this.plan.routes[index]?.vehicle_id !== id;
      van.marker.setOpacity(other ? '0.25' : '1');
    }
    const places = index === null
      ? this.plan.stops.map((stop) => stop.place)
      : this.#line(this.plan.routes[index]);
    this.fit(places);
  }

  /** Moves a van to its position. */
  moveVan(position, colorIndex) {
    const target = [position.lon, position.lat];
    const van = this.vans.get(position.vehicle_id);
    if (!van) {
      const marker = new maplibre.Marker({ element: vanElement(position.vehicle_id, colorIndex) });
      marker.setLngLat(target).addTo(this.map);
      this.vans.set(position.vehicle_id, { marker, from: target, to: target, start: 0 });
      return;
    }
    const at = van.marker.getLngLat();
    Object.assign(van, { from: [at.lng, at.lat], to: target, start: performance.now() });
    this.#glide();
  }

  forgetVans() {
    for (const van of this.vans.values()) van.marker.remove();
    this.vans.clear();
  }

  fit(places) {
    if (!places.length) return;
    const bounds = new maplibre.LngLatBounds();
    for (const place of places) bounds.extend([place.lon, place.lat]);
    this.map.fitBounds(bounds, { padding: 48, maxZoom: 14, duration: 400 });
  }

  #glide() {
    if (this.frame) return;
    const step = (now) => {
      let moving = false;
      for (const van of this.vans.values()) {
        const share = Math.min(1, (now - van.start) / GLIDE_MS);
        if (share < 1) moving = true;
        van.marker.setLngLat([0, 1].map((k) => van.from[k] + share * (van.to[k] - van.from[k])));
      }
      this.frame = moving ? requestAnimationFrame(step) : null;
    };
    this.frame = requestAnimationFrame(step);
  }

  #line(route) {
    const vehicle = this.plan.fleet.vehicles.find((v) => v.id === route.vehicle_id);
    const depot = (id) => this.plan.fleet.depots.find((d) => d.id === id)?.place;
    const stops = route.visits.map((visit) => this.stops.get(visit.stop_id)?.place);
    return [depot(vehicle?.start_depot), ...stops, depot(vehicle?.end_depot)].filter(Boolean);
  }

  #drawRoutes() {
    const features = this.plan.routes.map((route, index) => ({
      type: 'Feature',
      geometry: {
        type: 'LineString',
        coordinates: this.#line(route).map((place) => [place.lon, place.lat]),
      },
      properties: { color: color(index), muted: this.selected !== null && index !== this.selected },
    }));
    this.map.getSource('routes').setData({ type: 'FeatureCollection', features });
  }

  #depot(depot) {
    const at = [depot.place.lon, depot.place.lat];
    const square = document.createElement('div');
    square.className = 'mark depot';
    const label = document.createElement('div');
    label.className = 'depot-label';
    label.textContent = depot.id;
    return [
      new maplibre.Marker({ element: square }).setLngLat(at).addTo(this.map),
      new maplibre.Marker({ element: label, anchor: 'left', offset: [10, 0] }).setLngLat(at).addTo(this.map),
    ];
  }

  #leftOut(entry) {
    const stop = this.stops.get(entry.stop_id);
    if (!stop) return [];
    const cross = document.createElement('div');
    cross.className = 'mark out';
    cross.title = `${entry.stop_id} is left out: ${entry.explanation}`;
    const at = [stop.place.lon, stop.place.lat];
    return [new maplibre.Marker({ element: cross }).setLngLat(at).addTo(this.map)];
  }

  #showStop(feature) {
    const stop = this.stops.get(feature.properties.id);
    const place = this.routeOf.get(feature.properties.id);
    if (!stop || !place) return;
    const event = this.reached?.get(stop.id);
    const windows = stop.windows.map((w) => `${clock(w.start)}–${clock(w.end)}`).join(', ');
    const amounts = Object.entries(stop.quantities).map(([unit, q]) => `${number(q, 1)} ${unit}`);
    const rows = [
      ['Site', stop.site_id],
      ['Vehicle', place.route.vehicle_id],
      ['Window', windows || 'any time'],
      ['Planned', `${clock(place.visit.arrival_p50)} (p90 ${clock(place.visit.arrival_p90)})`],
      ['Late with', `${number(100 * place.visit.late_probability)} % probability`],
      ['Quantity', amounts.join(', ')],
    ];
    if (event?.arrived) rows.push(['Arrived', clock(event.arrived)]);
    if (event?.late_s > 0) rows.push(['Late by', `${number(event.late_s / 60)} min`]);
    if (event?.outcome) rows.push(['Outcome', words(event.outcome)]);
    new maplibre.Popup({ closeButton: true })
      .setLngLat([stop.place.lon, stop.place.lat])
      .setDOMContent(details(stop.id, rows))
      .addTo(this.map);
  }
}

function details(title, rows) {
  const box = document.createElement('div');
  const heading = document.createElement('strong');
  heading.textContent = title;
  const list = document.createElement('dl');
  for (const [name, value] of rows) {
    const term = document.createElement('dt');
    const text = document.createElement('dd');
    term.textContent = name;
    text.textContent = value;
    list.append(term, text);
  }
  box.append(heading, list);
  return box;
}

function vanElement(id, colorIndex) {
  const element = document.createElement('div');
  element.className = 'van';
  element.title = id;
  element.style.backgroundColor = colorIndex === null ? '#505a64' : color(colorIndex);
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', VAN_ICON);
  path.setAttribute('fill', 'currentColor');
  svg.append(path);
  element.append(svg);
  return element;
}
