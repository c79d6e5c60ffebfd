// Numbers, units and times as people read them; times in the plan's time zone.

let zone = 'UTC';

/** Sets the zone of all times from now on. */
export function useZone(name) {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: name });
    zone = name;
  } catch {
    zone = 'UTC';
  }
}

export function zoneName() {
  return zone;
}

/** `08:05` local time. */
export function clock(instant) {
  return part(instant, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

/** `08:05:30` local time. */
export function clockWithSeconds(instant) {
  return part(instant, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
}

/** `Tuesday, 3 March 2026` of a date such as `2026-03-03`. */
export function day(date) {
  const noon = new Date(`${date}T12:00:00Z`);
  const style = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' };
  return new Intl.DateTimeFormat('en-GB', style).format(noon);
}

export function number(value, decimals = 0) {
  return new Intl.NumberFormat('en', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(value);
}

export function bytes(size) {
  if (size < 1000) return `${size} B`;
  if (size < 1e6) return `${number(size / 1000)} kB`;
  return `${number(size / 1e6, 1)} MB`;
}

export function words(name) {
  return String(name).replaceAll('_', ' ');
}

function part(instant, style) {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return '–';
  return new Intl.DateTimeFormat('en-GB', { ...style, timeZone: zone }).format(date);
}

const COLORS = [
  '#1f77b4', '#e66e0a', '#228b3c', '#be2d3c', '#7d55b9', '#825041', '#d250a5',
  '#0f96a5', '#969114', '#143c82', '#f5a03c', '#5aaa28', '#f0646e', '#505a64',
];

/** Colour of the route with this index; the same as in the report. */
export function color(index) {
  return COLORS[index % COLORS.length];
}
