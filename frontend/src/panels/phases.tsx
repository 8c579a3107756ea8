import { shownPositions } from "../charts/epoch_chart";
import { Card } from "../components/card";
import { Fact } from "../components/fact";
import { signed } from "../format";
import type { DetailedRun } from "../schema";
import type { View } from "../view";
import { metricWord } from "../words";
import { planEnd } from "./expected";
import type { Panel, PanelProps } from "./panel";

export const phases: Panel = { id: "phases", place: "charts", Content: Phases };

type Phase = DetailedRun["phases"][number];

/** Where the main metric rose fast, slowly, or no more: a strip under the charts, and the same in words. */
function Phases({ run, view }: PanelProps) {
  if (run.phases.length === 0) return null;
  return (
    <Card
      id="phases"
      title="Phases"
      note={<>of {metricWord(run.main_metric?.name ?? "")}, by its best rising fit</>}
    >
      <Strip run={run} view={view} />
      <dl class="phase-list">
        {run.phases.map((phase) => (
          <Fact
            key={phase.name}
            name={phase.name}
            value={`${run.axis} ${spanText(phase)}, ${signed(phase.gain)}`}
          />
        ))}
      </dl>
    </Card>
  );
}

function Strip({ run, view }: { run: DetailedRun; view: View }) {
  const until = planEnd(run, run.main_metric?.group ?? "");
  const [first, last] = shownPositions({ epochs: run.series.epoch, until }, view.zoom.value);
  const share = (at: number) => Math.min(1, Math.max(0, (at - first) / (last - first || 1))) * 100;
  return (
    <div class="phase-strip" aria-hidden="true">
      {run.phases.map((phase) => {
        const left = share(phase.span[0] - 0.5);
        return (
          <div
            key={phase.name}
            class={phase.name}
            style={{ left: `${left}%`, width: `${share(phase.span[1] + 0.5) - left}%` }}
          >
            {phase.name} {spanText(phase)}
          </div>
        );
      })}
    </div>
  );
}

const spanText = ({ span: [first, last] }: Phase): string =>
  first === last ? `${first}` : `${first}–${last}`;
