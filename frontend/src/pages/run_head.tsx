import { Copyable } from "../components/copy";
import { Age, Missing } from "../components/facts";
import { Term } from "../components/help";
import { RunLink } from "../components/run_link";
import { StandingMark } from "../components/standing_mark";
import { EndMark, paceText, plannedEnd, StateMark } from "../components/state_mark";
import { count, duration, metric } from "../format";
import type { DetailedRun, Relations, Run } from "../schema";
import { table } from "../table";
import {
  frameworkWord,
  goesOn,
  groupWord,
  inMetricOrder,
  metricWord,
  stageWord,
  taskWord,
  versionWord,
} from "../words";
import { baselineOf, useAgainst } from "./runs/baseline";

/** How the run stands, what wrote it, how far it came, and when; below, the runs that belong to it. */
export function RunFacts({ run }: { run: DetailedRun }) {
  const { task, framework, version, epochs, time, axis, stage, state } = run;
  const pace = paceText(time.per_epoch, axis);
  return (
    <>
      <p class="muted">
        <StateMark state={state} updated={time.updated} ended={run.ended} />
        {` · ${taskWord(task)} · ${frameworkWord(framework)} ${versionWord(version)} · `}
        {stage !== null && `${stageWord(stage)} · `}
        {epochs.planned === null
          ? `${epochs.logged} ${axis}s`
          : `${epochs.logged} of ${epochs.planned} ${axis}s`}
        <EndMark at={plannedEnd(time.updated, run.pace?.left ?? null)} />
        {state === "running" && pace !== null && ` · ${pace}`}
        {time.seconds !== null && ` · ${duration(time.seconds)}`}
        {time.updated !== null && state !== "running" && state !== "stale" && (
          <>
            {" · updated "}
            <Age at={time.updated} />
          </>
        )}
      </p>
      <AgainstBaseline run={run} />
      <Related relations={run.relations} />
    </>
  );
}

/** Where a training that goes on stands, as soon as the Runs page is known to have a baseline. */
function AgainstBaseline({ run: { name, state } }: { run: Run }) {
  const answer = table.answer.value;
  const { differences } = useAgainst(answer && goesOn(state) ? baselineOf(answer) : null);
  const standing = differences.get(name)?.standing;
  return standing ? (
    <p>
      <StandingMark standing={standing} />
    </p>
  ) : null;
}

/** What other runs of the logdir are to this one. */
function Related({ relations }: { relations: Relations }) {
  const { starts_from, continues, continued_by, duplicates, repeats } = relations;
  // What continues a run has started from its weights.
  const source = starts_from === continues ? null : starts_from;
  const all: [string, string[]][] = [
    ["continues", continues === null ? [] : [continues]],
    ["continued by", continued_by],
    ["started from weights of", source === null ? [] : [source]],
    ["same run as", duplicates],
    ["repeated with another seed:", repeats],
  ];
  const known = all.filter(([, names]) => names.length > 0);
  if (known.length === 0) return null;
  return (
    <ul class="related">
      {known.map(([word, names]) => (
        <li key={word}>
          {names.length > LISTED ? (
            <details>
              <summary>
                {word} {count(names.length, "run")}
              </summary>
              <Links names={names} />
            </details>
          ) : (
            <>
              {word} <Links names={names} />
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

/** More names than this are folded away. */
const LISTED = 4;

function Links({ names }: { names: readonly string[] }) {
  return (
    <>
      {names.map((name) => (
        <RunLink key={name} name={name} />
      ))}
    </>
  );
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
        <Commands commands={run.commands} />
      </div>
      <BestNumbers run={run} />
    </section>
  );
}

/** How the program that trained the run uses its weights. */
function Commands({ commands }: { commands: readonly string[] }) {
  if (commands.length === 0) return null;
  return (
    <ul class="commands" aria-label="Use it">
      {commands.map((command) => (
        <li key={command}>
          <Copyable text={command} label="command" />
        </li>
      ))}
    </ul>
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
              <Term>{metricWord(name)}</Term>
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
