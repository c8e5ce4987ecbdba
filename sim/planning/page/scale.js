// Numbers and days on axes: round ticks, months, and axes that stand still while something moves.

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const STEPS = [1, 2, 3, 6, 12];

export function linear([low, high], [from, to]) {
  const span = high - low || 1;
  return (value) => from + ((value - low) / span) * (to - from);
}

// The round step that cuts a range into some parts.
function stepOf(low, high, count = 5) {
  const raw = (high - low || 1) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  return [1, 2, 2.5, 5, 10].map((one) => Number((one * power).toPrecision(3))).find((one) => one >= raw * 0.999);
}

// So many steps from nothing, as a person writes it: 0.3, not 0.30000000000000004.
function stepped(count, step) {
  return Number((count * step).toPrecision(12));
}

// Round numbers from low to high, some five of them.
export function ticks(low, high, count = 5) {
  const step = stepOf(low, high, count);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => stepped(first + i, step));
}

// The least round range that holds all values, never of no width.
export function rounded(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const step = stepOf(low, high);
  const [first, last] = [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)];
  return [stepped(first, step), stepped(Math.max(last, first + 1), step)];
}

// Firsts of months as { place, text }: place in weeks from the first of `days`, which end weeks.
export function months(days, most = 7) {
  const start = toDay(days[0]) - 4;
  const end = toDay(days.at(-1));
  const first = new Date(start * 864e5);
  const found = [];
  for (let year = first.getUTCFullYear(), month = first.getUTCMonth(); ; month += 1) {
    const day = Math.floor(Date.UTC(year, month, 1) / 864e5);
    if (day > end) break;
    if (day >= start) found.push({ day, date: new Date(day * 864e5) });
  }
  const step = STEPS.find((one) => found.length <= one * most) ?? STEPS.at(-1);
  const shown = found.filter(({ date }) => date.getUTCMonth() % step === 0);
  return shown.map(({ day, date }, i) => ({
    place: (day - start) / 7,
    text: MONTHS[date.getUTCMonth()],
    year: i === 0 || date.getUTCMonth() < step ? String(date.getUTCFullYear()) : "",
  }));
}

export function toDay(text) {
  return Math.floor(Date.parse(`${text}T00:00:00Z`) / 864e5);
}

// A day in words, as 26 March 2027.
export function dayWords(text) {
  return new Date(`${text}T00:00:00Z`).toLocaleDateString("en-GB", {
    day: "numeric", month: "long", year: "numeric", timeZone: "UTC",
  });
}

// Ranges of axes by name, which stand still while something moves and then fit anew.
export class Frames {
  constructor() {
    this.kept = new Map();
  }

  of(name, values, moving) {
    if (moving && this.kept.has(name)) return this.kept.get(name);
    const range = rounded(values);
    this.kept.set(name, range);
    return range;
  }
}

// A number for people: 12,300 and −0.4.
export function number(value, places = null) {
  if (value === null || value === undefined) return "–";
  const size = Math.abs(value);
  const most = places ?? (size >= 100 || size === 0 ? 0 : size >= 10 ? 1 : 2);
  const text = size.toLocaleString("en-GB", { maximumFractionDigits: most });
  return value < 0 && text !== "0" ? `−${text}` : text;
}

// To its first figure, while few worlds are there.
export function rough(value) {
  if (!value) return number(value);
  const power = 10 ** Math.floor(Math.log10(Math.abs(value)));
  return number(Math.round(value / power) * power, power < 1 ? 3 : 0);
}

export function signed(value, told = number) {
  const text = told(value);
  return value > 0 && text !== "0" ? `+${text}` : text;
}

export function percent(share, coarse = false) {
  if (coarse) return share < 0.05 ? "under 10%" : share > 0.95 ? "over 90%" : `${Math.round(share * 10) * 10}%`;
  if (share > 0 && share < 0.01) return "under 1%";
  if (share < 1 && share > 0.99) return "over 99%";
  return `${Math.round(share * 100)}%`;
}
