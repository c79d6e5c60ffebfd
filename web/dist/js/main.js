// Loads the plan, listens to the service, and keeps map and lists up to date.

import { get, list, post } from './api.js';
import { Day } from './day.js';
import { clockWithSeconds, day as dayName, useZone, zoneName } from './format.js';
import { connect } from './live.js';
import { createMap } from './map.js';
import { RouteList, element, showAlerts, showFigures, showReports } from './panels.js';

const at = (id) => document.getElementById(id);
const day = new Day();
const alerts = new Map();
let map = null;
let roads = null;
/** Whether the map is still being set up: it loads beside the data, neither waits for the other. */
let mapPending = true;
let refreshPending = false;
const routeList = new RouteList(at('routes'), (index) => map?.select(index));

start();

async function start() {
  connect(onMessage, onConnection);
  get('/roads').then((found) => { roads = found; map?.setRoads(roads); }, () => {});
  loadPlan();
  map = await createMap(at('map'));
  mapPending = false;
  if (roads) map?.setRoads(roads);
  if (day.plan) drawPlan();
}

/** Puts the plan and the vans on the map, as soon as there are both. */
function drawPlan() {
  at('legend').hidden = !map;
  if (map) {
    map.forgetVans();
    map.setPlan(day.plan);
    day.vans.forEach(drawVan);
    hideMessage();
  } else if (!mapPending) {
    showMessage('No map in this browser', ['The map needs WebGL 2, which this browser does not offer. The lists work without it.']);
  }
  refresh();
}

/** Reads everything about the newest plan; called again whenever one appears. */
async function loadPlan() {
  let plan;
  try {
    plan = await get('/plans/latest');
  } catch (error) {
    showMessage('The plan could not be loaded', [error.detail], { problem: true, retry: loadPlan });
    return;
  }
  if (!plan) {
    showNoPlan();
  } else {
    useZone(plan.time_zone);
    day.setPlan(plan);
    at('day').textContent = `${dayName(plan.date)} · times in ${zoneName()}`;
    at('route-count').textContent = `(${plan.routes.length})`;
    routeList.setPlan(plan);
    drawPlan();
    day.record = await get(`/days/${plan.date}`).catch(() => null);
  }
  await Promise.allSettled([loadVans(), loadAlerts(), loadReports()]);
  refresh();
}

async function loadVans() {
  for (const { position } of await list('/vehicles')) moveVan(position);
}

async function loadAlerts() {
  for (const alert of await list('/alerts', 200)) alerts.set(alert.id, alert);
  drawAlerts();
}

async function loadReports() {
  showReports(at('reports'), await list('/reports', 50));
}

function onMessage(message) {
  switch (message.type) {
    case 'hello':
      day.replay = Boolean(message.replay);
      setClock(message.now);
      break;
    case 'clock':
      day.replay = true;
      setClock(message.now);
      break;
    case 'replay-started':
      day.replay = true;
      day.forget();
      map?.forgetVans();
      break;
    case 'position':
      moveVan(message.position);
      return;
    case 'stop-event':
      day.stopEvent(message);
      break;
    case 'plan':
      loadPlan();
      return;
    case 'alert':
      alerts.set(message.alert.id, message.alert);
      drawAlerts();
      return;
    case 'job':
      showJob(message.job);
      return;
    default:
      return;
  }
  refresh();
}

let wasLost = false;

function onConnection(state, seconds) {
  const text = {
    connecting: 'Connecting…',
    live: 'Live',
    lost: `Connection lost, next attempt in ${seconds} s`,
  };
  at('connection').dataset.state = state;
  at('connection').textContent = text[state];
  // What came while the connection was down is read again.
  if (state === 'live' && wasLost) loadPlan();
  if (state === 'lost') wasLost = true;
  if (state === 'live') wasLost = false;
}

function setClock(now) {
  day.now = now;
  at('clock').hidden = !day.plan;
  at('clock').textContent = `${day.replay ? 'Replayed day, ' : ''}${clockWithSeconds(now)}`;
}

function moveVan(position) {
  if (day.position(position)) drawVan(position);
}

function drawVan(position) {
  if (!map || !day.plan) return;
  const index = day.plan.routes.findIndex((r) => r.vehicle_id === position.vehicle_id);
  map.moveVan(position, index < 0 ? null : index);
}

function drawAlerts() {
  const all = [...alerts.values()];
  const open = all.filter((a) => !a.acknowledged_at).length;
  at('alert-count').textContent = all.length ? `(${open} open)` : '';
  showAlerts(at('alerts'), all, acknowledge);
}

async function acknowledge(alert) {
  try {
    const answer = await post(`/alerts/${encodeURIComponent(alert.id)}/acknowledge`, { by: 'dispatcher' });
    if (answer) alerts.set(answer.id, answer);
  } finally {
    drawAlerts();
  }
}

/** Redraws lists and stops at most once per frame, however many messages come. */
function refresh() {
  if (refreshPending || !day.plan) return;
  refreshPending = true;
  requestAnimationFrame(() => {
    refreshPending = false;
    const routes = day.routes();
    routeList.update(routes);
    showFigures(at('figures'), day.plan, routes);
    map?.setProgress(day.reached());
  });
}

function showNoPlan() {
  at('day').textContent = 'No plan yet';
  showMessage('There is no plan yet', [
    'Make one with a simulated operator and look at it here:',
    element('code', '', 'routeforce demo && routeforce serve --demo reports/demo'),
    'or send your own stops to POST /api/v1/plans. This page shows the plan as soon as it is there.',
  ]);
  showAlerts(at('alerts'), [], acknowledge);
  at('routes').replaceChildren(element('li', 'empty', 'No routes yet.'));
  at('figures').replaceChildren(element('div', 'empty', 'No figures yet.'));
}

/** A plan that is being made, while there is none to show. */
function showJob(job) {
  if (day.plan || job.kind !== 'plan') return;
  if (job.state === 'running' || job.state === 'queued') {
    const { stage, done, total } = job.progress || {};
    const progress = total ? `${stage}: ${done} of ${total}` : stage || 'queued';
    showMessage('A plan is being made', [progress]);
  } else if (job.state === 'failed') {
    showMessage('The plan could not be made', [job.error || 'unknown reason'], { problem: true });
  }
}

function showMessage(title, lines, { problem = false, retry = null } = {}) {
  const nodes = [element('p', problem ? 'title problem' : 'title', title)];
  for (const line of lines) {
    const paragraph = element('p');
    paragraph.append(line);
    nodes.push(paragraph);
  }
  if (retry) {
    const button = element('button', '', 'Try again');
    button.type = 'button';
    button.addEventListener('click', retry);
    nodes.push(button);
  }
  at('message').replaceChildren(...nodes);
  at('message').hidden = false;
}

function hideMessage() {
  at('message').hidden = true;
}
