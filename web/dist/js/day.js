// What is known of the day: the plan, how far every route is, where the vans are.

/** The day's state. Holds data only; drawing is up to others. */
export class Day {
  constructor() {
    this.plan = null;
    this.record = null;
    this.now = null;
    this.replay = false;
    this.live = new Map();
    this.vans = new Map();
  }

  setPlan(plan) {
    this.plan = plan;
    this.stops = new Map(plan.stops.map((stop) => [stop.id, stop]));
    this.live.clear();
  }

  /** Starts over: a replay has started again. */
  forget() {
    this.live.clear();
    this.vans.clear();
  }

  position(position) {
    const known = this.vans.get(position.vehicle_id);
    if (known && known.ts > position.ts) return false;
    this.vans.set(position.vehicle_id, position);
    return true;
  }

  stopEvent(event) {
    const known = this.live.get(event.stop_id) || {};
    if (event.event === 'arrived') known.arrived = event.at;
    if (event.event === 'departed') known.departed = event.at;
    known.late_s = Math.max(known.late_s || 0, event.late_s || 0);
    known.outcome = event.outcome || known.outcome;
    this.live.set(event.stop_id, known);
  }

  /** State of every stop that has been reached, by stop id. */
  reached() {
    const reached = new Map();
    // In a replay the record tells what happened before this page was opened.
    if (this.replay && this.record && this.now) {
      for (const route of this.record.routes) {
        for (const event of route.events) {
          if (instant(event.arrived_at) > instant(this.now)) break;
          const departed = instant(event.departed_at) <= instant(this.now);
          reached.set(event.stop_id, {
            arrived: event.arrived_at,
            departed: departed ? event.departed_at : undefined,
            late_s: event.late_s,
            outcome: departed ? event.outcome : undefined,
          });
        }
      }
    }
    for (const [id, event] of this.live) reached.set(id, { ...reached.get(id), ...event });
    return reached;
  }

  /** One entry per route: visits, how many are done, the next one. */
  routes() {
    if (!this.plan) return [];
    const reached = this.reached();
    return this.plan.routes.map((route, index) => {
      const done = route.visits.filter((v) => reached.get(v.stop_id)?.departed);
      const next = route.visits.find((v) => !reached.get(v.stop_id)?.departed);
      const late = route.visits.filter((v) => (reached.get(v.stop_id)?.late_s || 0) > 0);
      const there = next ? reached.get(next.stop_id)?.arrived : undefined;
      return { route, index, done: done.length, late: late.length, next, there };
    });
  }
}

function instant(text) {
  return new Date(text).getTime();
}
