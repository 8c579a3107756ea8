// Which classes are most often taken for which.

import { grouped, percent } from "../format";
import type { Confusion } from "../schema";

const SHOWN = 10;

interface Props {
  names: readonly string[];
  ranked: readonly Confusion[];
}

export function Ranked({ names, ranked }: Props) {
  return (
    <section class="ranked" aria-labelledby="ranked-title">
      <h3 id="ranked-title">Taken for another class</h3>
      {ranked.length === 0 && <p class="muted">None.</p>}
      <ol>
        {ranked.slice(0, SHOWN).map(({ predicted, true: truth, count, of, share, interval }) => (
          <li key={`${predicted} ${truth}`}>
            <bdi>{names[truth]}</bdi> as <bdi>{names[predicted]}</bdi>: {grouped(count)} of{" "}
            {grouped(of)}{" "}
            <span class="muted">
              ({percent(share)}, 95 % interval {interval.map(percent).join(" to ")})
            </span>
          </li>
        ))}
      </ol>
      {ranked.length > SHOWN && <p class="muted">{ranked.length - SHOWN} more are in the table.</p>}
    </section>
  );
}
