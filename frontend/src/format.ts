// Numbers as text. Missing numbers are null everywhere and are shown as a dash.

export const MISSING = "–";

export type Format = (value: number | null | undefined) => string;

/** A fraction such as mAP50-95, precision or IoU: 0.698. */
export function metric(value: number | null | undefined): string {
  if (value == null) return MISSING;
  return value > 0 && value < 0.0005 ? "<0.001" : value.toFixed(3);
}

/** A confidence with the two digits that people choose, and a third where it has one. */
export function confidence(value: number): string {
  return value.toFixed(3).replace(/0$/, "");
}

/** Where something lies, both ends included: 0.31–0.55. */
export function between([low, high]: readonly [number, number], digits = 2): string {
  return `${low.toFixed(digits)}–${high.toFixed(digits)}`;
}

/** A difference with its sign: +0.020, −0.004; 0.000 has none. */
export function signed(value: number, digits = 3): string {
  const size = Math.abs(value).toFixed(digits);
  if (Number(size) === 0) return size;
  return `${value < 0 ? "−" : "+"}${size}`;
}

/** A number of any size to four significant digits: 1.652, 0.04123, 12040. */
export function number(value: number | null | undefined): string {
  if (value == null) return MISSING;
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  if (size >= 1000) return value.toFixed(0);
  return size < 1e-4 ? value.toExponential(1) : String(Number(value.toPrecision(4)));
}

/** What was measured roughly, to three significant digits: 25.6, 0.00905, 1204. */
export function rough(value: number | null | undefined): string {
  if (value == null || Number.isInteger(value)) return number(value);
  const size = Math.abs(value);
  if (size >= 100) return value.toFixed(0);
  return size < 1e-4 ? value.toExponential(1) : value.toPrecision(3);
}

/** Losses of one chart or line share their number of digits, which a typical one sets: a spike has fewer. */
export function lossFormat(values: readonly (number | null)[]): Format {
  const sizes = values.filter((value) => value != null).map(Math.abs);
  const typical = sizes.sort((a, b) => a - b)[sizes.length >> 1] ?? 0;
  return (value) =>
    value == null ? MISSING : value.toFixed(Math.min(digits(typical), digits(Math.abs(value))));
}

function digits(size: number): number {
  if (size >= 1000) return 0;
  if (size >= 100) return 1;
  return size >= 0.1 || size === 0 ? 3 : 5;
}

/** 50s, 4m26, 3h07, 2d05h. */
export function duration(seconds: number | null | undefined): string {
  if (seconds == null) return MISSING;
  if (seconds < 9.95) return `${Number(seconds.toFixed(1))}s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}m${two(whole % 60)}`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours}h${two(minutes % 60)}`;
  return `${Math.floor(hours / 24)}d${two(hours % 24)}h`;
}

/** How long ago, for seconds before now; a small negative age is a clock that runs ahead. */
export function age(seconds: number): string {
  if (seconds < 1) return "now";
  if (seconds < 60) return `${Math.floor(seconds)} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86400)} d ago`;
}

/** A point in time, in the user's language and time zone. */
export function moment(secondsSince1970: number): string {
  return new Date(secondsSince1970 * 1000).toLocaleString(undefined, {
    dateStyle: "medium",
    timeStyle: "short",
  });
}

/** 07:40 on the user's clock, with the day where that is not today. */
export function clockTime(secondsSince1970: number, now: number): string {
  const at = new Date(secondsSince1970 * 1000);
  const today = at.toDateString() === new Date(now * 1000).toDateString();
  return at.toLocaleString(undefined, {
    ...(today ? {} : { day: "numeric", month: "short" }),
    hour: "2-digit",
    minute: "2-digit",
  });
}

/** 6.2 MB, as file managers count: 1 MB is a million bytes. */
export function fileSize(bytes: number): string {
  const step = SIZES.find(({ size }) => bytes >= size);
  return step ? `${(bytes / step.size).toFixed(1)} ${step.unit}` : `${bytes} bytes`;
}

const SIZES = [
  { size: 1e9, unit: "GB" },
  { size: 1e6, unit: "MB" },
  { size: 1e3, unit: "kB" },
];

/** A share in percent: 12 %, and 0.4 % where it is below one. */
export function percent(share: number): string {
  const value = 100 * share;
  return `${value > 0 && value < 0.95 ? value.toFixed(1) : value.toFixed(0)} %`;
}

/** 2,590,230 */
export function grouped(n: number): string {
  return n.toLocaleString("en");
}

export function count(n: number, one: string, many = `${one}s`): string {
  return `${grouped(n)} ${n === 1 ? one : many}`;
}

function two(n: number): string {
  return String(n).padStart(2, "0");
}
