import type { Against } from "../schema";
import { VERDICTS } from "../words";
import { Missing } from "./facts";
import { Shape } from "./shape";

type Difference = Pick<Against, "delta" | "interval" | "verdict" | "reason">;

/** Verdicts that shape and sign show already; the word is for those who hear it. */
const SIGNED: readonly string[] = ["better", "worse"];

/** A difference to the baseline in points; the reason stands in the row's text as well. */
export function AgainstMark({ difference }: { difference: Difference | undefined }) {
  if (!difference) return <Missing what="not compared yet" />;
  const { delta, interval, verdict, reason } = difference;
  const { shape, word } = VERDICTS[verdict];
  return (
    <span class={`against ${verdict}`} title={reason}>
      <Shape>{shape}</Shape>
      {verdict !== "not_comparable" && delta !== null && <b>{points(delta)} </b>}
      <span class={SIGNED.includes(verdict) ? "unseen" : undefined}>{word}</span>
      {interval && (
        <span class="unit after">
          {points(interval[0])} to {points(interval[1])}
        </span>
      )}
    </span>
  );
}

/** +2.1, −0.3: hundredths of the metric. */
function points(fraction: number): string {
  const size = Math.abs(100 * fraction).toFixed(1);
  return Number(size) === 0 ? size : `${fraction < 0 ? "−" : "+"}${size}`;
}
