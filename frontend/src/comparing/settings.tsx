import { useState } from "preact/hooks";
import { Card } from "../components/card";
import { Toggle } from "../components/toggle";
import type { CompareAnswer } from "../schema";
import { ByRun, type Row } from "./by_run";
import type { Contender } from "./contender";

interface Props {
  answer: CompareAnswer;
  all: readonly Contender[];
}

/** The arguments that differ; all of them on demand. */
export function Settings({ answer, all }: Props) {
  const [every, setEvery] = useState(false);
  const rows = every ? everything(all) : answer.config.map(({ key, values }) => row(key, values));
  return (
    <Card
      id="settings"
      title="Configuration"
      kind="wide"
      note={every ? "all arguments" : "only what differs"}
      tools={<Toggle text="All arguments" on={every} set={setEvery} />}
    >
      {rows.length === 0 ? (
        <p class="muted">No argument is known to differ.</p>
      ) : (
        <ByRun label="Arguments" head="argument" all={all} rows={rows} />
      )}
    </Card>
  );
}

function everything(all: readonly Contender[]): Row[] {
  const keys = new Set(all.flatMap(({ run }) => run?.config.map(({ key }) => key) ?? []));
  return [...keys].sort().map((key) =>
    row(
      key,
      all.map(({ run }) => run?.config.find((one) => one.key === key)?.value ?? null),
    ),
  );
}

function row(key: string, values: readonly (string | null)[]): Row {
  return {
    key,
    title: <code>{key}</code>,
    cells: values
      .map((value) => value !== null && <code>{value}</code>)
      .map((cell) => cell || null),
    differs: new Set(values).size > 1,
  };
}
