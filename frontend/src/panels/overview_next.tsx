import { Card } from "../components/card";
import { muted } from "../kept";
import { AdviceText } from "./advice";
import type { Panel, PanelProps } from "./panel";

export const nextSteps: Panel = { id: "next", place: "side", Content: NextSteps };

/** More than these are read by nobody; each finding has its own under Why. */
const MOST = 5;

/** Those of muted rules apart, each remedy once. */
function NextSteps({ run }: PanelProps) {
  const heard = run.steps.filter(({ rule }) => !muted.value.includes(rule));
  const keys = heard.map(({ advice }) => advice.key);
  const steps = heard.filter(({ advice }, at) => keys.indexOf(advice.key) === at).slice(0, MOST);
  if (steps.length === 0) return null;
  return (
    <Card id="next" title="What to do next">
      <ol class="steps">
        {steps.map(({ advice }) => (
          <li key={advice.key}>
            <AdviceText advice={advice} />
          </li>
        ))}
      </ol>
    </Card>
  );
}
