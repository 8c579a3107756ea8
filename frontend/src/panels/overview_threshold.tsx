import { Card } from "../components/card";
import { between, confidence, metric } from "../format";
import { go } from "../place";
import type { DetailedRun } from "../schema";
import type { Panel, PanelProps } from "./panel";

export const thresholdLine: Panel = {
  id: "threshold-line",
  place: "side",
  Content: ThresholdLine,
};

/** The confidence to deploy with on a line from 0 to 1, with its interval and plateau. */
function ThresholdLine({ run }: PanelProps) {
  const { confidence: best, f1, interval, plateau } = run.operating_point;
  if (best === null) return null;
  return (
    <Card
      id="threshold-line"
      title="Confidence to deploy with"
      tools={
        <div class="card-tools">
          <button type="button" class="link" onClick={() => go({ tab: "threshold" }, "push")}>
            Threshold →
          </button>
        </div>
      }
    >
      <p>
        <b class="big">{confidence(best)}</b>
        {f1 !== null && ` F1 ${metric(f1)}`}
        <span class="muted">
          {interval && ` · 95 % interval ${between(interval)}`}
          {plateau && ` · ${between(plateau)} is as good`}
        </span>
      </p>
      <Line point={run.operating_point} best={best} />
    </Card>
  );
}

const percent = (at: number) => `${100 * at}%`;

function Line({ point, best }: { point: DetailedRun["operating_point"]; best: number }) {
  return (
    <svg class="threshold-line" aria-hidden="true">
      <rect x="0" y="12" width="100%" height="2" class="whole" />
      {[point.interval, point.plateau].map(
        (span, nth) =>
          span && (
            <rect
              key={nth ? "plateau" : "interval"}
              class={nth ? "plateau" : "interval"}
              x={percent(span[0])}
              y={nth ? 10 : 7}
              width={percent(Math.max(span[1] - span[0], 0.002))}
              height={nth ? 6 : 12}
            />
          ),
      )}
      <circle cx={percent(best)} cy="13" r="5" />
      {[0, 0.5, 1].map((at) => (
        <text
          key={at}
          x={percent(at)}
          y="32"
          text-anchor={at === 0 ? "start" : at === 1 ? "end" : "middle"}
        >
          {at}
        </text>
      ))}
    </svg>
  );
}
