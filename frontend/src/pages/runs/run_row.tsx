import { useMemo } from "preact/hooks";
import { RunName } from "../../components/facts";
import { StandingMark } from "../../components/standing_mark";
import { EndMark, paceText, plannedEnd, StateMark } from "../../components/state_mark";
import type { Standing, TableRow } from "../../schema";
import { frameworkWord, goesOn, stageWord, taskWord } from "../../words";
import type { Column, Context } from "../columns";
import { toggle } from "./selection";

interface Props {
  row: TableRow;
  columns: readonly Column[];
  context: Context;
  logdir: string;
  /** Where the part of the name begins that tells it from all others. */
  ownFrom: number;
  /** Among the runs on the same data, null where there is no order among them. */
  rank: number | null;
  chosen: boolean;
  /** Counted in rows of the whole table. */
  index: number;
  open: (run: string) => void;
}

/** Scrolling, sorting and filtering move rows without drawing them again: the same element is left alone. */
export function RunRow(props: Props) {
  return useMemo(() => <DrawnRow {...props} />, Object.values(props));
}

function DrawnRow(props: Props) {
  const { row, columns, context, chosen, index } = props;
  const { name } = row;
  const { reason, standing = null } = context.differences.get(name) ?? {};
  return (
    <tbody data-run={name} class={name === context.baseline ? "run pinned" : "run"}>
      <tr aria-rowindex={index}>
        <td rowSpan={2} class="pick">
          <label>
            <input
              type="checkbox"
              aria-label={`Select ${name}`}
              checked={chosen}
              onChange={() => toggle(name)}
            />
          </label>
        </td>
        <th scope="row" rowSpan={2}>
          <NameCell {...props} />
        </th>
        {columns.map(({ key, numeric, cell }) => (
          <td key={key} class={numeric ? "numeric" : undefined}>
            {cell(row, context)}
          </td>
        ))}
      </tr>
      <tr aria-rowindex={index + 1}>
        <td colSpan={columns.length} class="row-headline">
          <div>
            <p title={row.headline}>{row.headline}</p>
            <NextLine row={row} standing={goesOn(row.state) ? standing : null} />
            {reason && <p class="reason">Against the baseline: {reason}</p>}
          </div>
        </td>
      </tr>
    </tbody>
  );
}

interface NextProps {
  row: TableRow;
  /** Told a moment after the row: it may be of a training that is over by now. */
  standing: Standing | null;
}

/** How a training that goes on does, and what to do next. */
function NextLine({ row: { step, state, per_epoch, axis }, standing }: NextProps) {
  const pace = state === "running" ? paceText(per_epoch, axis) : null;
  const told = [pace, standing?.said, step].filter(Boolean);
  if (told.length === 0) return null;
  return (
    <p title={told.join(" · ")}>
      {pace !== null && <span class="pace">{pace}</span>}
      {standing && <StandingMark standing={standing} />}
      {step !== null && (
        <>
          <span class="next">Next:</span> {step}
        </>
      )}
    </p>
  );
}

function NameCell({ row, context, logdir, ownFrom, rank, open }: Props) {
  const { name } = row;
  return (
    <div class="named">
      <div class="line">
        {rank !== null && (
          <span class="rank" title="Rank by the main metric among the runs on the same data">
            <span class="unseen">rank </span>
            {rank}
          </span>
        )}
        <button
          type="button"
          class="name"
          aria-label={name === "." ? undefined : name}
          onClick={() => open(name)}
        >
          <RunName name={name} logdir={logdir} ownFrom={ownFrom} />
        </button>
      </div>
      <Facts row={row} rank={rank} isBaseline={name === context.baseline} />
    </div>
  );
}

/** A line ends before it, never with it. */
const SEPARATOR = " ·\u00a0";

interface FactsProps {
  row: TableRow;
  rank: number | null;
  isBaseline: boolean;
}

/** What kind of training it is, how it stands, and to which others it belongs. */
function Facts({ row, rank, isBaseline }: FactsProps) {
  const { task, framework, model, stage, latest, tags } = row;
  const facts = [
    taskWord(task),
    frameworkWord(framework),
    model,
    stage && stageWord(stage),
    ...belonging(row),
  ].filter(Boolean);
  return (
    <div class="line-2" title={facts.join(SEPARATOR)}>
      {isBaseline && <span class="badge tag">baseline</span>}
      {rank === 1 && <span class="badge tag best">best</span>}
      {latest && <span class="badge tag latest">latest</span>}
      {tags.map((tag) => (
        <bdi class="badge tag own" key={tag}>
          {tag}
        </bdi>
      ))}
      <State row={row} />
      {SEPARATOR}
      <bdi>{facts.join(SEPARATOR)}</bdi>
    </div>
  );
}

function State({ row }: { row: TableRow }) {
  const { state, ended, axis, logged, planned, left, updated } = row;
  return (
    <StateMark state={state} updated={updated} ended={ended}>
      {` · ${axis} ${logged}`}
      {planned !== null && ` of ${planned}`}
      <EndMark at={plannedEnd(updated, left)} />
    </StateMark>
  );
}

/** Why a run does not stand for a training of its own: another one goes on with it, or is the same. */
function belonging({ name, continued_by, duplicates, repeats }: TableRow): (string | null)[] {
  return [
    others("continued by", continued_by, name),
    others("same run as", duplicates, name),
    repeats > 0 ? `repeated ${repeats}x with other seeds` : null,
  ];
}

/** "continued by exp3": a neighbour in the same folder is called by its own name. */
function others(word: string, names: readonly string[], own: string): string | null {
  const [first] = names;
  if (first === undefined) return null;
  const folder = own.slice(0, own.lastIndexOf("/") + 1);
  const short = first.startsWith(folder) ? first.slice(folder.length) : first;
  return `${word} ${short}${names.length > 1 ? ` and ${names.length - 1} more` : ""}`;
}
