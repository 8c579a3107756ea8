import type { Standing } from "../schema";
import { OUTLOOKS } from "../words";
import { Shape } from "./shape";

/** How a training that goes on stands to the baseline. */
export function StandingMark({ standing: { outlook, said } }: { standing: Standing }) {
  return (
    <span class={`standing ${outlook ?? ""}`}>
      {outlook !== null && <Shape>{OUTLOOKS[outlook] ?? ""}</Shape>}
      {said}
    </span>
  );
}
