import { Card } from "../components/card";
import { Fact } from "../components/fact";
import { type Column, ItemTable } from "../components/item_table";
import { ProblemList } from "../components/problem_list";
import { LevelMark } from "../components/verdict";
import { count, fileSize, MISSING } from "../format";
import type { DetailedRun, Expected, Problem } from "../schema";
import { capital, spaced } from "../words";
import type { Panel, PanelProps } from "./panel";

export const files: Panel = { id: "files", place: "details", Content: Files };

function Files({ run }: PanelProps) {
  return (
    <Card id="files" title="Files and problems">
      <Problems problems={run.problems} />
      <Absent files={run.expected} />
      <Found run={run} />
      <dl class="listed">
        <Facts run={run} />
      </dl>
    </Card>
  );
}

function Problems({ problems }: { problems: readonly Problem[] }) {
  if (problems.length === 0) return <p class="muted">Every file was read without a problem.</p>;
  return (
    <>
      <p>
        <LevelMark level="warning" word={count(problems.length, "problem")} />
      </p>
      <ProblemList problems={problems} />
    </>
  );
}

/** What the program writes and is not there. */
function Absent({ files }: { files: readonly Expected[] }) {
  if (files.length === 0) return null;
  return (
    <ItemTable
      label="Files that are not there"
      kind="absent"
      caption="Not there"
      columns={ABSENT}
      items={files}
      keyOf={({ file }) => file}
    />
  );
}

const ABSENT: readonly Column<Expected>[] = [
  { title: "file", cell: ({ file }) => <span class="path">{file}</span> },
  { title: "written", cell: ({ when }) => when },
  { title: "missing here", cell: ({ missing }) => missing },
  {
    title: "status",
    cell: ({ due }) =>
      due ? (
        <LevelMark level="info" word="not there" />
      ) : (
        <LevelMark level="no_verdict" word="not yet written" />
      ),
  },
];

function Found({ run: { files: found, sizes } }: { run: DetailedRun }) {
  const roles = Object.entries(found);
  if (roles.length === 0) return <p class="muted">No file of a training was found.</p>;
  return (
    <ItemTable
      label="Files that were found"
      kind="found"
      caption="Found"
      columns={[
        {
          title: "what for",
          cell: ([role, paths]) => (
            <>
              {capital(ROLES[role] ?? spaced(role))} <span class="at">{paths.length}</span>
            </>
          ),
        },
        { title: "files", cell: ([, paths]) => <Paths paths={paths} /> },
        { title: "size", numeric: true, cell: ([, paths]) => sizeOf(paths, sizes) },
      ]}
      items={roles}
      keyOf={([role]) => role}
    />
  );
}

const ROLES: Partial<Record<string, string>> = {
  args: "arguments",
  results: "result table",
  events: "event files",
  curve: "curves",
  confusion: "confusion matrix",
  plot: "plots",
  recorded: "recording",
  worst: "worst images",
  train_batch: "training batches",
  val_batch: "validation batches",
  weights: "checkpoints",
  log: "console output",
};

type Sizes = Readonly<Record<string, number>>;

/** More files of one kind than this are folded. */
const LISTED = 8;

function Paths({ paths }: { paths: readonly string[] }) {
  const list = (
    <ul class="paths">
      {paths.map((path) => (
        <li key={path}>
          <bdi class="path">{path}</bdi>
        </li>
      ))}
    </ul>
  );
  if (paths.length <= LISTED) return list;
  return (
    <details>
      <summary>{count(paths.length, "file")}</summary>
      {list}
    </details>
  );
}

/** All of them together; nothing where one is not known. */
function sizeOf(paths: readonly string[], sizes: Sizes): string {
  const known = paths.map((path) => sizes[path]);
  if (known.some((size) => size === undefined)) return MISSING;
  return fileSize(known.reduce<number>((sum, size) => sum + (size ?? 0), 0));
}

function Facts({ run }: { run: DetailedRun }) {
  const { epochs, axis } = run;
  return (
    <>
      <Fact name={`best ${axis} by`} value={epochs.best_by ?? MISSING} />
      {epochs.segments.length > 1 && (
        <Fact
          name="trainings in one file"
          value={epochs.segments.map(([first, last]) => `${first}–${last}`).join(", ")}
        />
      )}
    </>
  );
}
