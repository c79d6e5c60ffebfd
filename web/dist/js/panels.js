// The lists beside the map. Text always goes in as text, never as markup.

import { bytes, clock, color, number, words } from './format.js';

export function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

/** Figures of the plan and of the day so far. */
export function showFigures(target, plan, routes) {
  const stops = plan.stops.length - plan.unplanned.length;
  const done = routes.reduce((sum, r) => sum + r.done, 0);
  const late = routes.reduce((sum, r) => sum + r.late, 0);
  const km = plan.routes.reduce((sum, r) => sum + r.distance_m, 0) / 1000;
  const cost = plan.cost.fixed + plan.cost.distance + plan.cost.duration + plan.cost.unplanned;
  target.replaceChildren(...[
    ['Stops done', `${number(done)} of ${number(stops)}`, ''],
    ['Served late', number(late), ''],
    ['Left out of the plan', number(plan.unplanned.length), ''],
    ['Routes', `${number(plan.routes.length)}`, `of ${plan.fleet.vehicles.length} vehicles`],
    ['Planned distance', number(km), 'km'],
    ['Planned cost', number(cost), 'currency units'],
  ].map(([name, value, unit]) => {
    const box = element('div');
    const figure = element('dd', '', value);
    if (unit) figure.append(' ', element('small', '', unit));
    box.append(element('dt', '', name), figure);
    return box;
  }));
}

/** One button per route; rows are kept, so that focus stays where it is. */
export class RouteList {
  constructor(target, onSelect) {
    this.target = target;
    this.onSelect = onSelect;
    this.rows = [];
    this.selected = null;
  }

  setPlan(plan) {
    this.selected = null;
    this.rows = plan.routes.map((route, index) => this.#row(route, index));
    this.target.replaceChildren(...this.rows.map((row) => row.item));
  }

  update(routes) {
    for (const { route, index, done, late, next, there } of routes) {
      const row = this.rows[index];
      const total = route.visits.length;
      row.count.textContent = `${done} / ${total} stops`;
      row.bar.max = Math.max(total, 1);
      row.bar.value = done;
      const parts = [];
      if (!next) parts.push(`all done, planned back ${clock(route.end)}`);
      else if (there) parts.push(`at ${next.stop_id} since ${clock(there)}`);
      else parts.push(`next ${next.stop_id}, planned ${clock(next.arrival_p50)} (p90 ${clock(next.arrival_p90)})`);
      row.state.replaceChildren(parts.join(', '));
      if (late > 0) row.state.append(' · ', element('span', 'late', `${late} late`));
    }
  }

  #row(route, index) {
    const item = element('li');
    const button = element('button');
    button.type = 'button';
    button.setAttribute('aria-pressed', 'false');
    const swatch = element('span', 'swatch');
    swatch.style.backgroundColor = color(index);
    const count = element('span', 'count');
    const bar = element('progress');
    bar.setAttribute('aria-label', `Progress of ${route.vehicle_id}`);
    const state = element('span', 'state');
    button.append(swatch, element('span', '', route.vehicle_id), count, bar, state);
    button.addEventListener('click', () => this.#select(index));
    item.append(button);
    return { item, button, count, bar, state };
  }

  #select(index) {
    this.selected = this.selected === index ? null : index;
    this.rows.forEach((row, i) => row.button.setAttribute('aria-pressed', String(i === this.selected)));
    this.onSelect(this.selected);
  }
}

/** Open alerts first, each with cause, consequence and remedy. */
export function showAlerts(target, alerts, onAcknowledge) {
  if (!alerts.length) {
    target.replaceChildren(element('li', 'empty', 'No alerts.'));
    return;
  }
  const rank = { critical: 0, warning: 1, info: 2 };
  const order = (a, b) => Boolean(a.acknowledged_at) - Boolean(b.acknowledged_at)
    || rank[a.severity] - rank[b.severity];
  target.replaceChildren(...[...alerts].sort(order).map((alert) => {
    const item = element('li');
    item.dataset.severity = alert.severity;
    item.append(element('p', 'what', alert.what));
    const about = `${words(alert.severity)} · ${alert.subject} · for the ${alert.owner} · since ${clock(alert.since)}`;
    item.append(element('p', 'about', about));
    const more = element('details');
    const list = element('dl');
    for (const [name, text] of [['Likely cause', alert.cause], ['Consequence', alert.consequence], ['Remedy', alert.remedy]]) {
      list.append(element('dt', '', name), element('dd', '', text));
    }
    more.append(element('summary', '', 'Cause, consequence, remedy'), list);
    item.append(more);
    if (alert.acknowledged_at) {
      item.append(element('p', 'about', `Acknowledged by ${alert.acknowledged_by}, ${clock(alert.acknowledged_at)}`));
    } else {
      const button = element('button', '', 'Acknowledge');
      button.type = 'button';
      button.addEventListener('click', () => { button.disabled = true; onAcknowledge(alert); });
      item.append(button);
    }
    return item;
  }));
}

/** Links to report files; only paths of this service. */
export function showReports(target, reports) {
  const files = reports.filter((file) => file.url.startsWith('/'));
  if (!files.length) {
    target.replaceChildren(element('li', 'empty', 'No report yet.'));
    return;
  }
  target.replaceChildren(...files.map((file) => {
    const item = element('li');
    const link = element('a', '', `${file.date} ${file.name}`);
    link.href = file.url;
    item.append(link, element('span', 'size', bytes(file.size_bytes)));
    return item;
  }));
}
