import { edges, type Layout } from "./layout";
import { areaPath, boxPath, linePath, type Point, stretches } from "./paths";
import { type Line, type Picture, positionsOf, type Values } from "./picture";
import { smoothed } from "./smooth";

interface Props {
  picture: Picture;
  layout: Layout;
}

/** Spans of positions, under the lines. */
export function Bands({ picture: { bands, reach }, layout }: Props) {
  const { top, bottom } = layout;
  return (
    <g fill-opacity={0.13}>
      {bands.map(({ span, label, color }) => {
        const ends = edges(layout, span, reach);
        return (
          ends && <path key={label} d={boxPath(ends, [top, bottom])} fill={`var(--${color})`} />
        );
      })}
    </g>
  );
}

/** What lies between the first two lines. */
export function Gap(frame: Props) {
  const [first, second] = frame.picture.lines;
  if (!first || !second) return null;
  const { values: low } = first;
  return <Area {...frame} line={first} low={low} high={second.values} fill="var(--gap)" />;
}

interface AreaProps extends Props {
  line: Line;
  low: Values;
  high: Values;
  fill: string;
  opacity?: number;
}

function Area({ picture, layout: { x, y }, line, low, high, fill, opacity = 1 }: AreaProps) {
  const rows = positionsOf(picture, line).map((position, row): [Point, Point] | null => {
    const [from, to] = [low[row], high[row]];
    if (from == null || to == null) return null;
    return [
      [x.at(position), y.at(from)],
      [x.at(position), y.at(to)],
    ];
  });
  const d = stretches(rows)
    .map((stretch) =>
      areaPath(
        stretch.map(([a]) => a),
        stretch.map(([, b]) => b),
      ),
    )
    .join("");
  return <path d={d} fill={fill} fill-opacity={opacity} stroke="none" />;
}

/** Points this far apart are drawn as dots. */
const DOTS_APART = 10;
const BAND_OPACITY = 0.15;

export function PlotLine({ line, ...frame }: Props & { line: Line }) {
  const { color, dash, width, band } = line;
  const drawn = stretches(pointsOf(line, frame));
  const points = drawn.flat();
  const lone = drawn.filter(({ length }) => length === 1).flat();
  const ink = `var(--${color})`;
  return (
    <g stroke={ink} stroke-width={width}>
      {frame.picture.smooth && <Smooth line={line} {...frame} />}
      {band && <Area {...frame} {...band} line={line} fill={ink} opacity={BAND_OPACITY} />}
      <path class="line" d={drawn.map(linePath).join("")} stroke-dasharray={dash?.join(" ")} />
      <g fill="var(--card)">
        {(areApart(points) ? points : lone).map(([x, y]) => (
          <circle key={x} cx={x.toFixed(1)} cy={y.toFixed(1)} r="2.5" />
        ))}
      </g>
      <path class="above" d={aboveSigns(points, frame.layout)} fill={ink} stroke="none" />
      <path class="broken" d={brokenSigns(line, frame)} stroke="var(--critical)" stroke-width={2} />
    </g>
  );
}

const SMOOTH_WIDTH = 7;

function Smooth({ line, ...frame }: Props & { line: Line }) {
  const means = { ...line, values: smoothed(line.values) };
  const d = stretches(pointsOf(means, frame)).map(linePath).join("");
  return <path class="smooth" d={d} stroke-width={SMOOTH_WIDTH} stroke-opacity={0.3} />;
}

/** Where a line leaves the plot upwards. */
function aboveSigns(points: readonly Point[], { top }: Layout): string {
  return points
    .filter(([, y]) => y < top)
    .map(([x]) => `M${x.toFixed(1)} ${top}l-4 7h8z`)
    .join("");
}

/** Where a value is no finite number. */
function brokenSigns(line: Line, { picture, layout: { x, bottom } }: Props): string {
  const positions = positionsOf(picture, line);
  return (line.broken ?? [])
    .map((row) => `M${x.at(positions[row] as number).toFixed(1)} ${bottom - 7}m-4-4l8 8m0-8l-8 8`)
    .join("");
}

function pointsOf(line: Line, { picture, layout: { x, y } }: Props): (Point | null)[] {
  return positionsOf(picture, line).map((position, row) => {
    const value = line.values[row];
    return value == null ? null : [x.at(position), y.at(value)];
  });
}

function areApart(points: readonly Point[]): boolean {
  const [first, last] = [points[0], points[points.length - 1]];
  if (!first || !last) return false;
  return last[0] - first[0] >= DOTS_APART * (points.length - 1);
}
