import { useEffect, useRef, useState } from "preact/hooks";
import { announce } from "../components/announcements";
import { Copyable } from "../components/copy";
import { Fact } from "../components/fact";
import { LevelMark } from "../components/verdict";
import { number } from "../format";
import { go } from "../place";
import type { Advice, Change, FailedRule, Finding } from "../schema";
import { keyed, type View } from "../view";
import { confidenceWord, MACHINE_RULES, ruleWord, spaced } from "../words";
import type { Panel, PanelProps } from "./panel";

export const findings: Panel = { id: "findings", place: "side", Content: Findings };

function Findings({ run, view }: PanelProps) {
  const { epoch } = run.series;
  useNews(run.findings);
  return (
    <section class="card" aria-labelledby="findings-title">
      <h2 id="findings-title">
        Findings <span class="muted">{run.findings.length}</span>
      </h2>
      {run.findings.length === 0 && <p class="muted">No rule has found anything to report.</p>}
      <ul class="findings">
        {keyed(run.findings).map(({ key, finding }) => (
          <FindingItem
            key={key}
            id={key}
            finding={finding}
            axis={run.axis}
            charted={epoch.length > 0}
            view={view}
          />
        ))}
      </ul>
      <FailedRules rules={run.failed_rules} />
    </section>
  );
}

/** Says aloud what a running training has added to the list. */
function useNews(list: readonly Finding[]): void {
  const known = useRef<Set<string> | null>(null);
  useEffect(() => {
    const before = known.current;
    const now = keyed(list);
    known.current = new Set(now.map(({ key }) => key));
    const news = before ? now.filter(({ key }) => !before.has(key)) : [];
    if (news.length === 0) return;
    announce(`New finding: ${news.map(({ finding }) => ruleWord(finding.rule)).join(", ")}`);
  }, [list]);
}

interface ItemProps {
  id: string;
  finding: Finding;
  axis: string;
  charted: boolean;
  view: View;
}

function FindingItem({ id, finding, axis, charted, view }: ItemProps) {
  const [explained, setExplained] = useState(false);
  const { rule, severity, confidence, summary, span, advice } = finding;
  const isShown = view.shown.value === id;
  const show = () => {
    view.shown.value = isShown ? null : id;
    if (isShown || !span) return;
    view.zoom.value = null;
    // The chart brings up the loss that the finding is about, whatever was chosen before.
    if (finding.evidence.component) go({ loss: null }, "replace");
    const chart = MACHINE_RULES[rule] ? "#machine" : ".chart";
    document.querySelector(chart)?.scrollIntoView({ block: "nearest" });
    announce(`${ruleWord(rule)}: ${axis}s ${span[0]} to ${span[1]} are shown on the charts.`);
  };
  return (
    <li class={`finding ${severity}`}>
      <h3>
        <LevelMark level={severity} word={ruleWord(rule)} />
        <span class="grade">
          {severity} · {confidenceWord(confidence)}
        </span>
      </h3>
      <p>{summary}</p>
      {advice.length > 0 && (
        <ul class="advice">
          {advice.map((item) => (
            <AdviceItem key={item.key} advice={item} />
          ))}
        </ul>
      )}
      <p class="actions">
        {span && charted && (
          <button type="button" aria-pressed={isShown} onClick={show}>
            Show on chart
          </button>
        )}
        <button type="button" aria-expanded={explained} onClick={() => setExplained(!explained)}>
          Why
        </button>
      </p>
      {explained && <Why finding={finding} axis={axis} />}
    </li>
  );
}

function AdviceItem({ advice: { text, change, command } }: { advice: Advice }) {
  return (
    <li>
      {text}
      {change && <ChangeLine change={change} typed={!command} />}
      {command && (
        <div class="to-copy">
          <Copyable text={command} label="command" />
        </div>
      )}
    </li>
  );
}

/** The argument as it was, struck through, and as it is now: to copy, unless a whole line to copy follows. */
function ChangeLine({ change: { arg, from, to }, typed }: { change: Change; typed: boolean }) {
  const now = `${arg}=${to}`;
  return (
    <div class="to-copy">
      {from !== null && (
        <s>
          <span class="unseen">instead of </span>
          <code>{`${arg}=${from}`}</code>
        </s>
      )}
      {to !== null && (typed ? <Copyable text={now} label="argument" /> : <code>{now}</code>)}
    </div>
  );
}

function Why({ finding: { rule, evidence, span }, axis }: { finding: Finding; axis: string }) {
  return (
    <div class="why">
      <dl>
        {span && <Fact name={`${axis}s`} value={[...new Set(span)].join("–")} />}
        {Object.entries(evidence).map(([name, value]) => (
          <Fact key={name} name={spaced(name)} value={evidenceText(value)} />
        ))}
      </dl>
      <p class="muted">The rule, its thresholds and their source:</p>
      <Copyable text={`runlens rules ${rule}`} label="command" />
    </div>
  );
}

function evidenceText(value: Finding["evidence"][string]): string {
  if (value === null || typeof value === "number") return number(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") return value;
  return value.map((item) => (typeof item === "number" ? number(item) : item)).join(", ");
}

/** Named, so that nobody takes a rule's silence for health. */
function FailedRules({ rules }: { rules: readonly FailedRule[] }) {
  if (rules.length === 0) return null;
  return (
    <div class="failed">
      <h3>Rules that failed</h3>
      <ul>
        {rules.map(({ rule, error }) => (
          <li key={rule}>
            {ruleWord(rule)}: <span class="muted">{error}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
