import { percent } from "../format";
import type { ReliabilityBin } from "../schema";

const SIDE = 200;
const MARGIN = 24;
const INNER = SIDE - 2 * MARGIN;

const x = (value: number) => MARGIN + value * INNER;
const y = (value: number) => SIDE - MARGIN - value * INNER;

/** How often detections of a confidence are right, with 95 % whiskers; on the diagonal it is as often as they say. */
export function ReliabilityPlot({
  bins,
  summary,
}: {
  bins: readonly ReliabilityBin[];
  summary: string;
}) {
  return (
    <svg class="reliability" width={SIDE} height={SIDE} role="img" aria-label={summary}>
      <path class="frame" d={`M${x(0)} ${y(1)}V${y(0)}H${x(1)}`} />
      <path class="diagonal" d={`M${x(0)} ${y(0)}L${x(1)} ${y(1)}`} />
      {bins.map(({ low, confidence, precision, interval: [least, most] }) => (
        <g key={low}>
          <path class="whisker" d={`M${x(confidence)} ${y(least)}V${y(most)}`} />
          <circle cx={x(confidence)} cy={y(precision)} r="3" />
        </g>
      ))}
      <text x={SIDE / 2} y={SIDE - 6} text-anchor="middle">
        confidence 0 to 1
      </text>
      <text x={-SIDE / 2} y="14" text-anchor="middle" transform="rotate(-90)">
        share that is right
      </text>
    </svg>
  );
}

/** The plot in words. */
export function describeBins(bins: readonly ReliabilityBin[]): string {
  return bins
    .map(
      ({ confidence, precision, count }) =>
        `of ${count} at ${confidence.toFixed(2)} ${percent(precision)} are right`,
    )
    .join("; ");
}
