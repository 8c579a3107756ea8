import { useEffect } from "preact/hooks";
import { Card } from "../components/card";
import { Copyable } from "../components/copy";
import { Fact } from "../components/fact";
import { muted } from "../kept";
import { baselineOf, setBaseline } from "../pages/runs/baseline";
import type { DetailedRun } from "../schema";
import { table } from "../table";
import { ruleWord } from "../words";
import type { Panel, PanelProps } from "./panel";

export const settingsLines: Panel = { id: "settings", place: "details", Content: Settings };

/** What this browser keeps, and the lines of runlens.yaml that say the same for everybody. */
function Settings({ run }: PanelProps) {
  const lines = linesFor(run);
  return (
    <Card id="settings" title="Settings">
      <p class="muted">
        Muted rules and the baseline are kept in this browser. For everybody, copy the lines into
        runlens.yaml in the logdir.
      </p>
      <dl class="listed settings">
        <Baseline name={run.name} />
        <Rules run={run} />
        <Fact
          name="for everybody"
          value={lines.map((line) => (
            <div key={line}>
              <Copyable text={line} label="line of runlens.yaml" />
            </div>
          ))}
        />
      </dl>
    </Card>
  );
}

/** YAML reads quoted text as JSON does, so that a name can hold any character. */
function linesFor(run: DetailedRun): string[] {
  const main = run.main_metric;
  const off = muted.value.map((rule) => `${JSON.stringify(rule)}: off`);
  return [
    `baseline: ${JSON.stringify(run.name)}`,
    ...(off.length > 0 ? [`rules: {${off.join(", ")}}`] : []),
    ...(main?.value == null ? [] : [`targets: {${main.name}: ${main.value.toFixed(3)}}`]),
  ];
}

/** As the Runs page has it. */
function Baseline({ name }: { name: string }) {
  useEffect(() => table.start(), []);
  const answer = table.answer.value;
  if (!answer) return null;
  const baseline = baselineOf(answer);
  return (
    <Fact
      name="baseline"
      value={
        <>
          {baseline === null ? "none chosen" : <bdi>{baseline}</bdi>}{" "}
          <button
            type="button"
            aria-pressed={baseline === name}
            onClick={() => setBaseline(answer, name)}
          >
            This run
          </button>
        </>
      }
    />
  );
}

/** The rules that found something here, and those that are muted anyway. */
function Rules({ run }: { run: DetailedRun }) {
  const rules = [...new Set([...run.findings.map(({ rule }) => rule), ...muted.value])];
  const toggle = (rule: string) => {
    const others = muted.value.filter((one) => one !== rule);
    muted.value = others.length < muted.value.length ? others : [...others, rule];
  };
  if (rules.length === 0) return null;
  return (
    <Fact
      name="muted rules"
      value={rules.map((rule) => (
        <button
          type="button"
          class="chip"
          key={rule}
          aria-pressed={muted.value.includes(rule)}
          onClick={() => toggle(rule)}
        >
          {ruleWord(rule)}
        </button>
      ))}
    />
  );
}
