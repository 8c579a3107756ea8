import { metric } from "../format";

const WIDTH = 92;
const HEIGHT = 20;
const MARGIN = 2;

interface Props {
  values: readonly (number | null)[];
  label: string;
}

/** The course of a metric from 0 to its own maximum; gaps stay gaps. */
export function Sparkline({ values, label }: Props) {
  const finite = values.filter((value): value is number => value !== null);
  const first = finite[0];
  const last = finite[finite.length - 1];
  if (first === undefined || last === undefined) return null;
  const highest = Math.max(...finite);
  const x = (index: number) =>
    MARGIN + (index / Math.max(1, values.length - 1)) * (WIDTH - 2 * MARGIN);
  const y = (value: number) => HEIGHT - MARGIN - (value / (highest || 1)) * (HEIGHT - 2 * MARGIN);
  const end = values.lastIndexOf(last);
  return (
    <svg
      class="sparkline"
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={`${label} from ${metric(first)} to ${metric(last)}, highest ${metric(highest)}`}
    >
      <path d={path(values, x, y)} />
      <circle cx={x(end)} cy={y(last)} r="2" />
    </svg>
  );
}

function path(
  values: readonly (number | null)[],
  x: (index: number) => number,
  y: (value: number) => number,
): string {
  let pen = "M";
  let drawn = "";
  values.forEach((value, index) => {
    if (value === null) {
      pen = "M";
    } else {
      drawn += `${pen}${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
      pen = "L";
    }
  });
  return drawn;
}
