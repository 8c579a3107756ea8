import { Card } from "../components/card";
import { Missing } from "../components/facts";
import { LevelMark } from "../components/verdict";
import { count } from "../format";
import type { Check } from "../schema";
import type { Level } from "../words";
import type { Panel, PanelProps } from "./panel";

export const checks: Panel = { id: "checks", place: "details", Content: Checks };

const MARKS: Record<Check["status"], { level: Level; word: string }> = {
  known: { level: "ok", word: "known" },
  at_risk: { level: "warning", word: "may differ" },
  unknown: { level: "no_verdict", word: "unknown" },
};

/** What must be the same for the training to be repeated. */
function Checks({ run }: PanelProps) {
  const list = run.reproduction.checks;
  const known = list.filter(({ status }) => status === "known").length;
  return (
    <Card
      id="checks"
      title="What must be the same"
      note={
        <>
          {known} of {count(list.length, "fact")} known
        </>
      }
    >
      <table class="arguments checks">
        <thead class="unseen">
          <tr>
            <th scope="col">Fact</th>
            <th scope="col">Value</th>
            <th scope="col">Status</th>
          </tr>
        </thead>
        <tbody>
          {list.map(({ item, value, status, why }) => (
            <tr key={item}>
              <th scope="row">{item}</th>
              <td>
                {value === null ? <Missing what="unknown" /> : <bdi>{value}</bdi>}
                {why && <div class="muted">{why}</div>}
              </td>
              <td>
                <LevelMark {...MARKS[status]} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
