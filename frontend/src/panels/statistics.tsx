import { Card } from "../components/card";
import { Missing } from "../components/facts";
import { Term } from "../components/help";
import { Scroll } from "../components/scroll";
import { type Format, lossFormat, metric } from "../format";
import type { DetailedRun, Extreme, Statistic } from "../schema";
import { groupWord, lossWord, metricWord } from "../words";
import type { Panel, PanelProps } from "./panel";

export const statistics: Panel = { id: "statistics", place: "side", Content: Statistics };

function Statistics({ run }: PanelProps) {
  if (run.statistics.length === 0) return null;
  const groups = [...new Set(run.statistics.map(({ group }) => group))];
  return (
    <Card id="statistics" title="Best, worst, mean, now">
      <Scroll label="Best, worst, mean and present values">
        <table class="numbers statistics">
          <thead>
            <tr>
              <th scope="col">
                <span class="unseen">Value</span>
              </th>
              <th scope="col" class="numeric" colSpan={2}>
                best <span class="at">{run.axis}</span>
              </th>
              <th scope="col" class="numeric" colSpan={2}>
                worst <span class="at">{run.axis}</span>
              </th>
              <th scope="col" class="numeric">
                mean
              </th>
              <th scope="col" class="numeric">
                now
              </th>
              {run.final && (
                <th scope="col" class="numeric" title="best.pt, validated after the training">
                  final
                </th>
              )}
            </tr>
          </thead>
          {groups.map((group) => (
            <tbody key={group}>
              <tr>
                <th scope="rowgroup" colSpan={run.final ? 8 : 7} class="group">
                  {groupWord(group)}
                </th>
              </tr>
              {run.statistics
                .filter((statistic) => statistic.group === group)
                .map((statistic) => (
                  <StatisticRow key={statistic.name} statistic={statistic} final={run.final} />
                ))}
            </tbody>
          ))}
        </table>
      </Scroll>
    </Card>
  );
}

interface RowProps {
  statistic: Statistic;
  final: DetailedRun["final"];
}

function StatisticRow({ statistic, final }: RowProps) {
  const { group, name, best, worst, mean, now } = statistic;
  const isLoss = group === "train" || group === "val";
  const text = isLoss ? lossFormat([best.value, mean, now.value]) : metric;
  return (
    <tr>
      <th scope="row">{isLoss ? lossWord(name) : <Term>{metricWord(name)}</Term>}</th>
      <ExtremeCells extreme={best} text={text} />
      <ExtremeCells extreme={worst} text={text} />
      <td class="numeric">{mean === null ? <Missing /> : text(mean)}</td>
      <td class="numeric">{now.value === null ? <Missing /> : text(now.value)}</td>
      {final && <td class="numeric">{isLoss ? "" : text(final[group]?.[name])}</td>}
    </tr>
  );
}

function ExtremeCells({ extreme, text }: { extreme: Extreme; text: Format }) {
  return (
    <>
      <td class="numeric">{extreme.value === null ? <Missing /> : text(extreme.value)}</td>
      <td class="numeric at">{extreme.epoch}</td>
    </>
  );
}
