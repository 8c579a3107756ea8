import type { Span, View } from "../view";
import type { Picture } from "./picture";

/** The epochs shown, as numbers: the way to zoom without dragging, and back. */
export function EpochRange({ picture, view }: { picture: Picture; view: View }) {
  const first = picture.epochs[0];
  const last = picture.epochs[picture.epochs.length - 1];
  if (first === undefined || last === undefined || first === last) return null;
  const zoom = view.zoom.value;
  const [from, to] = zoom ?? [first, last];
  const show = (span: Span) => {
    const whole = span[0] <= first && span[1] >= last;
    if (span[0] < span[1]) view.zoom.value = whole ? null : span;
  };
  return (
    <span class="range">
      {zoom && (
        <button
          type="button"
          class="quiet"
          onClick={() => {
            view.zoom.value = null;
          }}
        >
          Reset zoom
        </button>
      )}
      {picture.axis}s
      <EpochInput label={`first ${picture.axis} shown`} value={from} set={(e) => show([e, to])} />–
      <EpochInput label={`last ${picture.axis} shown`} value={to} set={(e) => show([from, e])} />
    </span>
  );
}

interface InputProps {
  label: string;
  value: number;
  set: (epoch: number) => void;
}

/** Of positions that are not whole, such as hours. */
const DECIMALS = 2;

function EpochInput({ label, value, set }: InputProps) {
  const shown = Number(value.toFixed(DECIMALS));
  return (
    <input
      type="number"
      aria-label={label}
      value={shown}
      onChange={({ currentTarget }) => {
        if (currentTarget.value !== "") set(currentTarget.valueAsNumber);
        // What was not accepted goes back to what is shown.
        currentTarget.value = String(shown);
      }}
    />
  );
}
