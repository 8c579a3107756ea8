import { Card } from "../components/card";
import { RunLink } from "../components/run_link";
import type { Ancestor } from "../schema";
import type { Panel, PanelProps } from "./panel";

export const lineage: Panel = { id: "lineage", place: "details", Content: Lineage };

/** The chain of starting weights, from this run back to where they came from. */
function Lineage({ run }: PanelProps) {
  const chain = run.reproduction.lineage;
  if (chain.length === 0) return null;
  return (
    <Card id="lineage" title="Starting weights">
      <ol class="lineage">
        <li>
          <b>this run</b>
        </li>
        {chain.map((ancestor, nth) => (
          <li key={nth}>
            <Step {...ancestor} />
          </li>
        ))}
      </ol>
    </Card>
  );
}

function Step({ weights, run, how }: Ancestor) {
  return (
    <>
      <span class="muted">{how}</span> {weights !== null && <bdi class="path">{weights}</bdi>}
      {run !== null && (
        <>
          {weights !== null && <span class="muted"> of run</span>} <RunLink name={run} />
        </>
      )}
    </>
  );
}
