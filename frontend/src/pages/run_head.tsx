import { Copyable } from "../components/copy";
import { Age, Missing, StateMark } from "../components/facts";
import { duration, metric } from "../format";
import type { DetailedRun, Run, Version } from "../schema";
import { frameworkWord, groupWord, inMetricOrder, metricWord, taskWord } from "../words";

/** One line: how the run stands, what wrote it, how far it came, and when. */
export function RunFacts({ run }: { run: Run }) {
  const { task, framework, version, epochs, time, axis } = run;
  return (
    <p class="muted">
      <StateMark run={run} />
      {` · ${taskWord(task)} · ${frameworkWord(framework)} ${versionText(version)} · `}
      {epochs.planned === null
        ? `${epochs.logged} ${axis}s`
        : `${epochs.logged} of ${epochs.planned} ${axis}s`}
      {time.seconds !== null && ` · ${duration(time.seconds)}`}
      {time.updated !== null && run.state !== "running" && run.state !== "stale" && (
        <>
          {" · updated "}
          <Age at={time.updated} />
        </>
      )}
    </p>
  );
}

function versionText(version: Version | null): string {
  const { min = null, max = null } = version ?? {};
  if (min === max) return min ?? "";
  if (min === null) return `≤ ${max}`;
  return max === null ? `≥ ${min}` : `${min}–${max}`;
}

/** The headline, the checkpoint to use, and the numbers of the best epoch. */
export function Verdict({ run }: { run: DetailedRun }) {
  const { headline, health, weights } = run;
  return (
    <section class={`verdict card ${health.level}`} aria-label="Verdict">
      <div>
        <p class="verdict-headline">{headline}</p>
        <p>
          {weights.use === null ? (
            "Weights: "
          ) : (
            <>
              Use <Copyable text={weights.use} label="path" />
            </>
          )}
          <span class="muted">{weights.why}</span>
        </p>
      </div>
      <BestNumbers run={run} />
    </section>
  );
}

function BestNumbers({ run }: { run: DetailedRun }) {
  const groups = Object.entries(run.metrics);
  const names = inMetricOrder(groups.flatMap(([, values]) => Object.keys(values)));
  const { best } = run.epochs;
  if (names.length === 0 || best === null) return null;
  const isMain = (group: string, name: string) =>
    run.main_metric?.group === group && run.main_metric.name === name;
  return (
    <table class="best">
      <caption>
        at the best {run.axis}, {best}
      </caption>
      <thead>
        <tr>
          {groups.length > 1 && <td />}
          {names.map((name) => (
            <th scope="col" key={name}>
              {metricWord(name)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {groups.map(([group, values]) => (
          <tr key={group}>
            {groups.length > 1 && <th scope="row">{groupWord(group)}</th>}
            {names.map((name) => (
              <td key={name} class={isMain(group, name) ? "main" : undefined}>
                {values[name] == null ? <Missing /> : metric(values[name])}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
