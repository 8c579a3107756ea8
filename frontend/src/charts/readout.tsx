import type { View } from "../view";
import { type Picture, positionText, rowAt, valueText } from "./picture";

/** The values of the epoch under the pointer, else of the last one shown. */
export function Readout({ picture, view }: { picture: Picture; view: View }) {
  const { axis, epochs, lines, gap, format } = picture;
  const lastShown = view.zoom.value?.[1] ?? Number.POSITIVE_INFINITY;
  const row = view.cursor.value ?? epochs.filter((epoch) => epoch <= lastShown).length - 1;
  const position = epochs[row];
  if (position === undefined) return null;
  const rows = lines.map((line) => rowAt(picture, line, position));
  const [upper, lower] = lines.map(({ values }, index) => values[rows[index] ?? -1]);
  return (
    <p class="readout">
      <span>
        {axis} {positionText(picture, position)}
      </span>
      {lines.map((line, index) => (
        <span key={line.label} style={{ color: `var(--${line.textColor ?? line.color})` }}>
          <bdi>{line.label}</bdi> {valueText(picture, line, rows[index] ?? null)}
        </span>
      ))}
      {gap && upper != null && lower != null && (
        <span class="muted">gap {format(lower - upper)}</span>
      )}
    </p>
  );
}
